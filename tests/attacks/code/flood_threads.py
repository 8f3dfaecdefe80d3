"""Goal: start threads that never end.

Fires: aborted
Without: separation
"""

import threading

for _ in range(100):
    try:
        threading.Thread(target=threading.Event().wait).start()
    except RuntimeError:
        break

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
