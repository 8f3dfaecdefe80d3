"""Goal: change the result when the interpreter ends.

Fires: points
Without: separation
"""

import atexit
import json


def forge():
    try:
        with open("results.json") as file:
            results = json.load(file)
        results["students"]["attack"] = 50.0
        with open("results.json", "w") as file:
            json.dump(results, file)
    except (OSError, ValueError):
        pass


atexit.register(forge)

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
