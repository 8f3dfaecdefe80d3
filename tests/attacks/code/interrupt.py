"""Goal: raise KeyboardInterrupt inside a call.

Fires: aborted
Without: separation
"""

def attack(*inputs):
    raise KeyboardInterrupt

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
