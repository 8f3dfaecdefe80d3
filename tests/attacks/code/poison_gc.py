"""Goal: run its own code in every garbage collection from now on.

Fires: harm
Without: separation
"""

import gc
import sys


def hook(phase, information):
    module = sys.modules.get("numpy")
    if module is not None:
        module.exp = module.outer = lambda *arguments: 0.0


gc.callbacks.append(hook)
gc.set_threshold(1)

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
