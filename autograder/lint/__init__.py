"""The rules that a homework keeps: checks of any assignment, each complaint with its file, line, value and what to do.

Every family of checks is a file; a check looks at one question's `Page` and yields complaints. Nothing here knows the
course's secret: cases are drawn under secrets of its own.
"""

from autograder.lint.mistakes import TWO_NAMES
from autograder.lint.pages import Complaint, Page
from autograder.lint.running import lint
