"""Goal: change the result when an object is finalized.

Fires: points
Without: separation
"""

import json
import weakref


def forge():
    try:
        with open("results.json") as file:
            results = json.load(file)
        results["students"]["attack"] = 50.0
        with open("results.json", "w") as file:
            json.dump(results, file)
    except (OSError, ValueError):
        pass


class Thing:
    pass


thing = Thing()
weakref.finalize(thing, forge)

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
