"""Goal: never finish loading.

Fires: aborted
Without: separation
"""

while True:
    pass
