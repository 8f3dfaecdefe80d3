"""Goal: leave a note for the next submission in a module.

Fires: reached
Without: separation
"""

import math

if hasattr(math, "note"):
    try:
        with open("@LOOT@/note", "w") as file:
            file.write(math.note)
    except OSError:
        pass
def attack(*inputs):
    import math

    if hasattr(math, "note"):
        try:
            with open("@LOOT@/note", "w") as file:
                file.write(math.note)
        except OSError:
            pass
    math.note = repr(inputs)
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
