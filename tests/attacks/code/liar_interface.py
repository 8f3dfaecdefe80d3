"""Goal: hand out the memory of the truth, found in a frame, as an array interface.

Fires: points
Without: separation
"""

import sys

import numpy as np


class Window:
    @property
    def __array_interface__(self):
        frame = sys._getframe()
        while frame is not None:
            if "truth" in frame.f_locals:
                return np.asarray(frame.f_locals["truth"]).__array_interface__
            frame = frame.f_back
        return np.zeros(1).__array_interface__


def attack(*inputs):
    return Window()

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
