"""Goal: hang when the answer is looked at.

Fires: aborted
Without: separation
"""

class Slow:
    def __array__(self, *arguments, **keywords):
        while True:
            pass

    def __eq__(self, other):
        while True:
            pass

    __hash__ = None


def attack(*inputs):
    return Slow()


softmax = attack
