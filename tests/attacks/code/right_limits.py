"""Goal: raise its own limits.

Fires: reached
Without: separation
"""

import resource

try:
    resource.setrlimit(resource.RLIMIT_NOFILE, (500, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with open("@LOOT@/limits", "w") as file:
        file.write(str(resource.getrlimit(resource.RLIMIT_NOFILE)))
except (OSError, ValueError):
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
