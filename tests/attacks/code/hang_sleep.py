"""Goal: sleep without using any processor time.

Fires: aborted
Without: separation
"""

import time


def attack(*inputs):
    time.sleep(10**6)


softmax = attack
