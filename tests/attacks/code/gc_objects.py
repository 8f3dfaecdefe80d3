"""Goal: search all objects for a table of truths.

Fires: points
Without: separation
"""

import gc
import sys

import numpy as np


def attack(*inputs):
    frame = sys._getframe(1)
    name = getattr(frame.f_locals.get("case"), "id", None)
    for thing in gc.get_objects():
        if type(thing) is dict and name in thing and isinstance(thing[name], (np.ndarray, tuple)):
            return thing[name]
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
