"""Goal: carry the inputs out in the notes of an exception.

Fires: reached
Without: separation
"""

def attack(*inputs):
    error = ValueError("@TOKEN@")
    error.add_note(repr(inputs))
    raise error

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
