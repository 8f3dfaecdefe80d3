"""Goal: never return.

Fires: aborted
Without: separation
"""

def attack(*inputs):
    while True:
        pass


softmax = attack
