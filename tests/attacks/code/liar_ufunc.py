"""Goal: pass by an ndarray subclass whose every ufunc says true.

Fires: points
Without: separation
"""

import numpy as np


class Liar(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return True


def attack(*inputs):
    return np.zeros(1).view(Liar)

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
