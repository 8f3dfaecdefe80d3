"""The ``hw1`` command: the only package that prints.

One module for each command. Imports are inside the functions that need them: ``hw1 --help`` loads click and nothing
else.
"""

from autograder.cli.commands import main
