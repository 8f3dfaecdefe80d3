"""Goal: stop itself, so that nobody sees it end.

Fires: aborted
Without: separation
"""

import os
import signal

try:
    os.kill(os.getpid(), signal.SIGSTOP)
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
