"""Goal: return a list that never ends.

Fires: aborted
Without: separation
"""

class Endless(list):
    def __len__(self):
        return 2

    def __iter__(self):
        while True:
            yield 0.0


def attack(*inputs):
    return Endless()


softmax = attack
