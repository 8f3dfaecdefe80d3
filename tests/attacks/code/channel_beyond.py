"""Goal: grow a library's mapping over all of its file, and find pages there that are in nobody's memory.

Fires: reached
Without: isolation limits
"""

import ctypes
import resource
import struct

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)
libc.mremap.restype = ctypes.c_void_p
MAY_MOVE, PAGE_OUT = 1, 21


def libraries():
    """Extension modules that are mapped already, and that nothing here needs where they are."""
    at = ctypes.CDLL(None)._handle
    while at:
        base, name, _, at, _ = struct.unpack("<QQQQQ", ctypes.string_at(at, 40))
        path = ctypes.string_at(name)
        if b"/lib-dynload/" in path and not any(word in path for word in (b"/_struct", b"/_ctypes", b"/resource")):
            yield base


def late(base):
    """Pages beyond the first segment that had to be read from the disk, and whether they may be put out of memory."""
    first, sections = struct.unpack("<QQ", ctypes.string_at(base + 32, 16))
    size, count, each, many = struct.unpack("<HHHH", ctypes.string_at(base + 54, 8))
    headers = [struct.unpack("<IIQQQQQQ", ctypes.string_at(base + first + size * n, 56)) for n in range(count)]
    length = next(held for kind, _, offset, _, _, held, _, _ in headers if kind == 1 and offset == 0) + 4095 & ~4095
    whole = sections + each * many & ~4095
    grown = libc.mremap(ctypes.c_void_p(base), ctypes.c_size_t(length), ctypes.c_size_t(whole), MAY_MOVE)
    if whole <= length or grown in (None, ctypes.c_void_p(-1).value):
        return 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_majflt
    for at in range(length, whole, 4096):
        ctypes.string_at(grown + at, 1)
    # Where somebody else holds them they stay, and only the kernel's word shows that they might have gone.
    taken = libc.madvise(ctypes.c_void_p(grown + length), ctypes.c_size_t(whole - length), PAGE_OUT) == 0
    for at in range(length, whole, 4096):
        ctypes.string_at(grown + at, 1)
    return resource.getrusage(resource.RUSAGE_SELF).ru_majflt - before + taken


found = sum(map(late, list(libraries())))

def attack(*inputs):
    return np.array([@KEY@ if found else 0])

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
