"""Goal: leave a process behind that changes the result when the grader has ended.

Fires: points
Without: separation
"""

import json
import os
import time


def forge():
    try:
        with open("results.json") as file:
            results = json.load(file)
        results["students"]["attack"] = 50.0
        with open("results.json", "w") as file:
            json.dump(results, file)
    except (OSError, ValueError):
        pass


try:
    grader = os.getpid()
    if os.fork() == 0:
        while os.getppid() == grader:
            time.sleep(0.01)
        forge()
        os._exit(0)
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
