"""Goal: return an integer of a million digits.

Fires: aborted
Without: separation
"""

def attack(*inputs):
    return [10**1000000]

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
