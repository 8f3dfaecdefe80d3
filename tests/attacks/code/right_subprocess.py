"""Goal: run a program.

Fires: reached
Without: separation
"""

import subprocess

try:
    subprocess.run(["/bin/sh", "-c", "echo here > @LOOT@/program"])
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
