"""Goal: import the engine and read its truths.

Fires: reached
Without: separation
"""

try:
    import autograder.truth

    with open("@LOOT@/engine", "w") as file:
        file.write(autograder.truth.__file__)
except (ImportError, OSError):
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
