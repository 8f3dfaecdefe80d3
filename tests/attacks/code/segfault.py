"""Goal: crash the interpreter.

Fires: aborted
Without: separation
"""

import ctypes


def attack(*inputs):
    ctypes.string_at(0)

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
