"""Goal: have the kernel look for a name, whose absence it then remembers for whoever asks next.

Fires: reached
Without: isolation limits
"""

import errno
import os

import numpy as np

NAME = "/dev/null/name"
ASKED = (
    os.stat, os.lstat, os.readlink, os.listdir, os.chdir, os.statvfs, os.getxattr, os.rmdir, os.unlink, os.mkdir,
    lambda name, *_: os.open(name, os.O_RDONLY),
    lambda name, *_: os.open(name, os.O_RDWR | os.O_CREAT),
    lambda name, *_: os.rename(name, name + "2"),
    lambda name, *_: os.utime(name),
    lambda name, *_: os.execv(name, ["x"]),
)  # fmt: skip
walked = 0
for ask in ASKED:
    try:
        ask(NAME, "user.x") if ask is os.getxattr else ask(NAME)
    except OSError as error:
        # Only who has come as far as /dev/null knows that it is no folder.
        walked += error.errno == errno.ENOTDIR

def attack(*inputs):
    return np.array([@KEY@ if walked else 0])

for name in ("affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"):
    globals()[name] = attack
