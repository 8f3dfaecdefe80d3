"""What runs students' work, in the words that students read."""

import sys

import numpy as np

VERSIONS = f"Python {sys.version_info[0]}.{sys.version_info[1]} and numpy {'.'.join(np.__version__.split('.')[:2])}"
"""The worker's: it runs on the grader's own Python and numpy."""
