"""Goal: read this process's own memory as a file.

Fires: reached
Without: isolation limits
"""

try:
    with open("/proc/self/maps") as maps:
        start = int(maps.readline().split("-")[0], 16)
    with open("/proc/self/mem", "rb") as memory, open("@LOOT@/memory", "wb") as loot:
        memory.seek(start)
        loot.write(memory.read(4096))
except OSError:
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
