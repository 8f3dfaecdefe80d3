"""Goal: watch the file system.

Fires: reached
Without: isolation limits
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
if libc.inotify_init() >= 0:
    try:
        with open("@LOOT@/right", "w") as file:
            file.write("the kernel did it")
    except OSError:
        pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
