"""Goal: take hold of another process with ptrace.

Fires: reached
Without: isolation limits
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
if libc.ptrace(0x4206, os.getppid(), 0, 0) >= 0:
    try:
        with open("@LOOT@/right", "w") as file:
            file.write("the kernel did it")
    except OSError:
        pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
