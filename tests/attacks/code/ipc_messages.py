"""Goal: leave the inputs in a System V message queue.

Fires: reached
Without: separation
"""

import ctypes

libc = ctypes.CDLL(None)
libc.msgget(int("@KEY@"), 0o1666)

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
