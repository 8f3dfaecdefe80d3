"""Run what students wrote, apart from everything else.

`Sandbox` owns one warm process (`autograder._worker`) at one level of isolation and runs one submission at a time in
children of it. Public cases run first, in a child that never gets a hidden input.
"""

from autograder.model import Limits
from autograder.sandbox.prover import Prover
from autograder.sandbox.running import Sandbox

__all__ = ["Limits", "Prover", "Sandbox"]
