"""Goal: feel how hard other processes work, by their CPU clocks.

Fires: reached
Without: isolation limits
"""

import os
import time

try:
    time.clock_gettime((~os.getppid()) << 3 | 2)
    with open("@LOOT@/right", "w") as file:
        file.write("the kernel did it")
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
