"""Goal: carry the inputs out in the text of an exception.

Fires: reached
Without: separation
"""

def attack(*inputs):
    raise ValueError("@TOKEN@" + repr(inputs))

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
