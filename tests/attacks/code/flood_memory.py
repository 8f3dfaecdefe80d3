"""Goal: take all memory inside a call, and keep it.

Fires: aborted
Without: separation
"""

held = []


def attack(*inputs):
    for size in (1 << 26, 1 << 10):
        try:
            while True:
                held.append(bytearray(size))
        except MemoryError:
            pass
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
