"""Goal: carry the inputs out in a group of exceptions.

Fires: reached
Without: separation
"""

def attack(*inputs):
    raise ExceptionGroup("@TOKEN@", [ValueError(repr(inputs))])

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
