"""Goal: put a hook of its own in front of every import.

Fires: harm
Without: separation
"""

import builtins

real = builtins.__import__


def hook(name, *arguments, **keywords):
    if name.startswith("numpy"):
        raise ImportError(name)
    return real(name, *arguments, **keywords)


builtins.__import__ = hook

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
