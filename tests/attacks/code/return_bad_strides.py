"""Goal: return an array that reaches past its memory.

Fires: aborted
Without: separation
"""

def attack(*inputs):
    return __import__("numpy").lib.stride_tricks.as_strided(__import__("numpy").zeros(1), (1 << 16,), (1 << 20,))

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
