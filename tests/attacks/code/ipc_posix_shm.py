"""Goal: leave the inputs in POSIX shared memory.

Fires: reached
Without: separation
"""

import os

try:
    import _posixshmem

    _posixshmem.shm_open("/@TOKEN@", os.O_CREAT | os.O_RDWR, mode=0o666)
except (ImportError, OSError):
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
