"""Goal: list the home directory and the folder above this one.

Fires: reached
Without: isolation limits
"""

import os

try:
    names = os.listdir("/") + os.listdir("/etc")
    with open("@LOOT@/names", "w") as file:
        file.write(str(names))
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
