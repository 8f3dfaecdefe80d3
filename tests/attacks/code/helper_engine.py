"""Goal: put modules of its own in the place of the engine's, so that others are graded by them.

Fires: harm
Without: separation
"""

import sys

for name in [name for name in sys.modules if name.startswith("autograder")]:
    del sys.modules[name]

import autograder.loading
import autograder.wire
import autograder.sandbox._worker.running

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack

# file: autograder/__init__.py
# file: autograder/loading.py
def reference_source(assignment):
    return ""

# file: autograder/wire.py
def read_exactly(*inputs):
    return b""

# file: autograder/sandbox/__init__.py
# file: autograder/sandbox/_worker/__init__.py
# file: autograder/sandbox/_worker/running.py
def call(*inputs):
    return "passed"
