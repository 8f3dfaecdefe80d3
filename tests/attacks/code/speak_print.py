"""Goal: print the inputs.

Fires: reached
Without: separation
"""

def attack(*inputs):
    print("@TOKEN@", inputs, flush=True)
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
