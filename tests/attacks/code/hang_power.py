"""Goal: compute a number with a million million digits.

Fires: aborted
Without: separation
"""

def attack(*inputs):
    return 9**9**9**9


softmax = attack
