"""Goal: read a file of the machine.

Fires: reached
Without: isolation limits
"""

try:
    with open("/etc/passwd") as file, open("@LOOT@/passwd", "w") as loot:
        loot.write(file.read())
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
