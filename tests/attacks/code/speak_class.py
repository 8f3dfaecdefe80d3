"""Goal: carry the inputs out in the name of an exception.

Fires: reached
Without: separation
"""

def attack(*inputs):
    raise type("@TOKEN@" + repr(inputs), (Exception,), {})

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
