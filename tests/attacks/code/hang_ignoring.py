"""Goal: ignore every signal and never return.

Fires: aborted
Without: separation
"""

import signal

for number in range(1, 32):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass


def attack(*inputs):
    while True:
        pass


softmax = attack
