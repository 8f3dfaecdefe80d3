"""Goal: fill the disk.

Fires: reached
Without: isolation limits
"""

try:
    with open("@LOOT@/disk", "wb") as file:
        for _ in range(64):
            file.write(bytes(1 << 20))
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
