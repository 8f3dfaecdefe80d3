"""Goal: put another module in numpy's place.

Fires: harm
Without: separation
"""

import sys
from types import ModuleType

import numpy

fake = ModuleType("numpy")
fake.__dict__.update(vars(numpy))
fake.outer = fake.exp = lambda *arguments: 0.0
sys.modules["numpy"] = fake

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
