"""Goal: leave the inputs in /dev/shm.

Fires: reached
Without: isolation limits
"""

def attack(*inputs):
    try:
        with open("/dev/shm/@TOKEN@", "w") as file:
            file.write(repr(inputs))
    except OSError:
        pass
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
