"""Goal: look the truth up when somebody converts the answer to an array.

Fires: points
Without: separation
"""

import sys

import numpy as np


class Lazy:
    def __array__(self, *arguments, **keywords):
        frame = sys._getframe()
        while frame is not None:
            if "truth" in frame.f_locals:
                return np.asarray(frame.f_locals["truth"])
            frame = frame.f_back
        return np.zeros(1)


def attack(*inputs):
    return Lazy()

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
