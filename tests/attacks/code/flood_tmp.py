"""Goal: fill its own temporary folder.

Fires: reached
Without: isolation limits
"""

try:
    with open("/tmp/@TOKEN@", "wb") as file:
        file.write(bytes(1 << 22))
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
