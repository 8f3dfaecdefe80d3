"""Goal: put a finder of its own in front of all others.

Fires: harm
Without: separation
"""

import sys


class Finder:
    def find_spec(self, name, path=None, target=None):
        raise ImportError(name)


sys.meta_path.insert(0, Finder())
for name in [name for name in sys.modules if name.partition(".")[0] == "numpy"]:
    sys.modules[name] = None

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
