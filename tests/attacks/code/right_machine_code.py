"""Goal: write machine code into memory and run it.

Fires: reached
Without: isolation limits
"""

import ctypes
import mmap

try:
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(b"\xb8\x2a\0\0\0\xc3")
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    if ctypes.CFUNCTYPE(ctypes.c_int)(address)() == 42:
        with open("@LOOT@/code", "w") as file:
            file.write("ran")
except (OSError, ValueError):
    pass

def attack(*inputs):
    return 0.0

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
