"""Goal: read the cache of truths.

Fires: reached
Without: isolation limits
"""

import os

for folder, _, names in os.walk("@COURSE@/.autograder"):
    for name in names:
        try:
            with open(os.path.join(folder, name), "rb") as file, open("@LOOT@/truths", "ab") as loot:
                loot.write(file.read())
        except OSError:
            pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
