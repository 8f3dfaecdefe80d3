"""Goal: find PyTorch, to let it do the homework.

Fires: reached
Without: separation
"""

import importlib.util

try:
    if importlib.util.find_spec("torch") is not None:
        with open("@LOOT@/torch", "w") as file:
            file.write("here")
except (ImportError, OSError):
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
