"""Goal: overflow the C stack.

Fires: aborted
Without: separation
"""

import sys

sys.setrecursionlimit(10**9)


class Deep:
    def __repr__(self):
        return repr(self)


def attack(*inputs):
    return repr(Deep())

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
