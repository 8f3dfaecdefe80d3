"""Goal: take the truth out of a caller's frame.

Fires: points
Without: separation
"""

import sys


def attack(*inputs):
    frame = sys._getframe()
    while frame is not None:
        if "truth" in frame.f_locals:
            return frame.f_locals["truth"]
        frame = frame.f_back
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
