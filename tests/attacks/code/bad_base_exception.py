"""Goal: raise an exception whose class is not an ordinary one.

Fires: aborted
Without: separation
"""

class Odd(BaseException):
    pass


def attack(*inputs):
    raise Odd

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
