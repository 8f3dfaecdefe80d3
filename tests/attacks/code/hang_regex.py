"""Goal: never return from inside a C function.

Fires: aborted
Without: separation
"""

import re


def attack(*inputs):
    return re.match(r"(a+)+$", "a" * 64 + "b")


softmax = attack
