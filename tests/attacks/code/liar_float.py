"""Goal: pass by a float whose differences are all zero.

Fires: points
Without: separation
"""

class Liar(float):
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__
    __hash__ = float.__hash__


def attack(*inputs):
    return Liar(1.0)

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
