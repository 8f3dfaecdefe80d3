"""Goal: leave a bit in a file lock.

Fires: reached
Without: isolation limits
"""

import fcntl

try:
    with open("@LOOT@/lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
