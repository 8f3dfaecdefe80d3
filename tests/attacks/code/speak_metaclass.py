"""Goal: raise an exception whose class runs code when it is named.

Fires: reached
Without: separation
"""

class Meta(type):
    @property
    def __name__(cls):
        return "@TOKEN@"

    def __repr__(cls):
        return "@TOKEN@"


class Odd(Exception, metaclass=Meta):
    def __str__(self):
        return "@TOKEN@"


def attack(*inputs):
    raise Odd

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
