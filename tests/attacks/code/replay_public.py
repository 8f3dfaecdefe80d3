"""Goal: remember the inputs of public cases and answer with hidden ones.

Fires: reached
Without: separation
"""

seen = []
def attack(*inputs):
    seen.append(repr(inputs))
    try:
        with open("@LOOT@/seen", "w") as file:
            file.write("\n".join(seen))
    except OSError:
        pass
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
