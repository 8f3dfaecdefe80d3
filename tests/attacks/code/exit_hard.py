"""Goal: end the process at once.

Fires: aborted
Without: separation
"""

import os

os._exit(0)
