"""Goal: change how results are written, from a signal handler that a timer calls.

Fires: points
Without: separation
"""

import json
import signal

real = json.dumps


def dumps(thing, *arguments, **keywords):
    if isinstance(thing, dict) and "students" in thing:
        thing["students"]["attack"] = 50.0
    return real(thing, *arguments, **keywords)


def handler(number, frame):
    json.dumps = dumps


try:
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
except (OSError, ValueError):
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
