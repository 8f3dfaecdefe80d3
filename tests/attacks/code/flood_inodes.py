"""Goal: make files until there are no more.

Fires: reached
Without: isolation limits
"""

try:
    for number in range(2000):
        open(f"@LOOT@/{number}", "w").close()
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
