"""Goal: return a memory view whose bytes are changed after the call.

Fires: points
Without: separation
"""

import sys

import numpy as np


class Late(np.ndarray):
    def __array_finalize__(self, other):
        frame = sys._getframe()
        while frame is not None:
            truth = frame.f_locals.get("truth")
            if isinstance(truth, np.ndarray) and type(truth) is np.ndarray:
                truth[...] = 0.0
            frame = frame.f_back


def attack(*inputs):
    return np.zeros(1).view(Late)

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
