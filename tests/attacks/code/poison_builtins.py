"""Goal: take builtin functions away.

Fires: aborted
Without: separation
"""

import builtins

for name in ("len", "range", "sum", "float"):
    delattr(builtins, name)

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
