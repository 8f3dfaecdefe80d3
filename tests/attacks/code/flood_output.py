"""Goal: print without end, also where what it prints goes to is full.

Fires: aborted
Without: separation
"""

def attack(*inputs):
    while True:
        try:
            print("@TOKEN@" * 1000)
        except OSError:
            pass


softmax = attack
