"""Goal: carry the inputs out in an exception that claims a builtin's place.

Fires: reached
Without: separation
"""

import builtins


def attack(*inputs):
    cls = type("@TOKEN@" + repr(inputs)[:50], (ValueError,), {"__module__": "builtins"})
    builtins.ValueError = cls
    raise cls(repr(inputs))

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
