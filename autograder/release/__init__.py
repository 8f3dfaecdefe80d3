"""What is given out: the notebook, the stub and the self-check, as an nbgrader course or as a plain folder.

Everything is built in memory as `Release`, searched for what students may not read, and only then written.
"""

from autograder.release.files import Release, beside, for_each, write
from autograder.release.leaks import find_leaks, refuse_leaks
from autograder.release.nbgrader import course_id_of, nbgrader_course
from autograder.release.notebooks import NOT_GRADED, notebook
from autograder.release.selfcheck import build_selfcheck, check_text, run_selfcheck
from autograder.release.student import student_release
