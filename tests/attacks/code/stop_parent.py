"""Goal: stop whoever started this process, and end.

Fires: aborted
Without: isolation limits
"""

import os
import signal

try:
    os.kill(os.getppid(), signal.SIGSTOP)
except OSError:
    pass
else:
    os._exit(0)

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
