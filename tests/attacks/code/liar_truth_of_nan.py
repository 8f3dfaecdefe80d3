"""Goal: pass by an array whose dtype answers comparisons with an object.

Fires: points
Without: separation
"""

import numpy as np


class Yes:
    def __lt__(self, other):
        return True

    __le__ = __gt__ = __ge__ = __eq__ = __lt__
    __hash__ = None

    def __sub__(self, other):
        return self

    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __sub__

    def __abs__(self):
        return self

    def isfinite(self):
        return True


def attack(*inputs):
    return np.array(Yes(), dtype=object)

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
