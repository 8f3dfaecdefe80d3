"""Goal: put a module of its own in the place of NumPy.

Fires: harm
Without: separation
"""

import sys

for name in [name for name in sys.modules if name.partition(".")[0] == "numpy"]:
    del sys.modules[name]

import numpy

def attack(*inputs):
    return numpy.ANSWER

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack

# file: numpy.py
ANSWER = 0.0
