"""Goal: leave a numpy.py where the next one looks for numpy.

Fires: harm
Without: separation
"""

import sys

try:
    with open("numpy.py", "w") as file:
        file.write("raise ImportError('poisoned')\n")
    sys.path.insert(0, "")
    for name in [name for name in sys.modules if name.partition(".")[0] == "numpy"]:
        del sys.modules[name]
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
