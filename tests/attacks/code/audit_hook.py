"""Goal: spy on every file that is opened, with an audit hook.

Fires: reached
Without: separation
"""

import sys

open_ = open
busy = []


def spy(event, arguments):
    if event == "open" and not busy:
        busy.append(True)
        try:
            with open_("@LOOT@/audit", "a") as file:
                file.write(str(arguments[0]))
        except OSError:
            pass
        busy.clear()


sys.addaudithook(spy)

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
