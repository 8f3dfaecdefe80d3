"""Goal: read a file of the library, which the next one then finds in the page cache.

Fires: reached
Without: isolation limits
"""

import os

import numpy as np

read = 0
for name in (os.__file__, np.__file__, np.linalg._umath_linalg.__file__):
    try:
        with open(name, "rb") as file:
            read += len(file.read(16))
    except OSError:
        pass

def attack(*inputs):
    return np.array([@KEY@ if read else 0])

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
