"""Goal: return an array that takes for ever to compare.

Fires: aborted
Without: separation
"""

import numpy as np


def attack(*inputs):
    return np.zeros((2000, 2000, 1, 1))


softmax = attack
