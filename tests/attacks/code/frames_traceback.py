"""Goal: take the truth out of the frames of an exception raised on purpose.

Fires: points
Without: separation
"""

def attack(*inputs):
    try:
        raise ValueError
    except ValueError as error:
        frame = error.__traceback__.tb_frame
    while frame is not None:
        if "truth" in frame.f_locals:
            return frame.f_locals["truth"]
        frame = frame.f_back
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
