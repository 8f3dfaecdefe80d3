"""Goal: seed the random numbers that others draw.

Fires: reached
Without: separation
"""

import numpy as np

np.random.seed(1)
first = np.random.rand()
def attack(*inputs):
    try:
        with open("@LOOT@/random", "a") as file:
            file.write(str(np.random.rand()))
    except OSError:
        pass
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
