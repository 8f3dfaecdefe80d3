"""Goal: let the fault handler write to a descriptor.

Fires: reached
Without: separation
"""

import faulthandler


def name_with_@TOKEN@():
    faulthandler.dump_traceback(2)


def attack(*inputs):
    try:
        name_with_@TOKEN@()
    except (OSError, RuntimeError, ValueError):
        pass
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
