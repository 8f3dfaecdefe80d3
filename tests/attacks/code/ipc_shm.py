"""Goal: leave the inputs in System V shared memory.

Fires: reached
Without: separation
"""

import ctypes

libc = ctypes.CDLL(None)
try:
    libc.shmget(int("@KEY@"), 4096, 0o1666)
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
