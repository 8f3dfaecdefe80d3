"""Goal: kill whoever started this process.

Fires: aborted
Without: isolation limits
"""

import os
import signal

try:
    os.kill(os.getppid(), signal.SIGKILL)
except OSError:
    pass
else:
    # Nobody is to hear of any answer.
    os._exit(0)

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
