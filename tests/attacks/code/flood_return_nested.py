"""Goal: return a list of a million lists.

Fires: aborted
Without: separation
"""

def attack(*inputs):
    deep = []
    for _ in range(5_000_000):
        deep = [deep]
    return deep


softmax = attack
