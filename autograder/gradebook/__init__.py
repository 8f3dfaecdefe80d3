"""Grades on disk: ``<student>/grade.json``, ``<student>/feedback.md``, ``grades.csv``, ``run.jsonl``.

Every file is written beside its place and moved there, so a reader sees the old one or the new one. Files are for the
instructor alone (0600, folders 0700), whatever the umask; a laxer folder of ours that is there already is tightened,
and nothing is written to or believed of a folder, link, pipe or file of another user's.
Durations go to ``run.jsonl`` only, a line a student and run, after one that says what isolated the run: the same
submission gives the same bytes.

In ``grades.csv`` a text that a spreadsheet would take for a formula (it begins with ``=``, ``+``, ``-``, ``@``, a tab
or a return) has an apostrophe before it, the usual remedy; grade.json has it as it is, and the CSV is never read back.
"""

from autograder.gradebook.files import GRADE, open_to_others, read_ours, write_atomically
from autograder.gradebook.folder import Gradebook
