"""Mistakes that nobody listed: which change of a question's own formula explains an answer's numbers."""

from autograder.naming.store import Library
