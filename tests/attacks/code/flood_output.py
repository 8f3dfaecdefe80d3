"""Goal: print without end.

Fires: aborted
Without: separation
"""

def attack(*inputs):
    while True:
        print("@TOKEN@" * 1000)


softmax = attack
