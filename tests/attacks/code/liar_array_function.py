"""Goal: pass by a class that takes over numpy.allclose.

Fires: points
Without: separation
"""

import numpy as np


class Liar(np.ndarray):
    def __array_function__(self, function, types, arguments, keywords):
        return True


def attack(*inputs):
    return np.zeros(1).view(Liar)

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
