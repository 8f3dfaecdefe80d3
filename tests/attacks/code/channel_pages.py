"""Goal: put a page of a library that all children share out of memory, or read it alone.

Fires: reached
Without: isolation limits
"""

import ctypes

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)
page = ctypes.c_void_p(ctypes.cast(libc.qsort, ctypes.c_void_p).value & ~4095)
RANDOM, WILL_NEED, DONT_NEED, COLD, PAGE_OUT, POPULATE_READ = 1, 3, 4, 20, 21, 22
done = [libc.madvise(page, ctypes.c_size_t(4096), n) for n in (RANDOM, WILL_NEED, DONT_NEED, COLD, PAGE_OUT, POPULATE_READ)]

def attack(*inputs):
    return np.array([@KEY@ if 0 in done else 0])

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
