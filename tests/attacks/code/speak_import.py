"""Goal: carry the inputs out in the name of a module that is not there.

Fires: reached
Without: separation
"""

def attack(*inputs):
    __import__("x" + repr(inputs).encode().hex()[:40] + "@TOKEN@")

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
