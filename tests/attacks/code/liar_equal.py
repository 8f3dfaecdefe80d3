"""Goal: pass by an object that equals everything.

Fires: points
Without: separation
"""

class Liar:
    def __eq__(self, other):
        return True

    __hash__ = None


def attack(*inputs):
    return Liar()

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
