"""A course directory that stock nbgrader works in."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from autograder.course import PRIVATE
from autograder.errors import InputError
from autograder.model import Assignment
from autograder.release.files import Release
from autograder.release.notebooks import notebook
from autograder.release.selfcheck import build_selfcheck

_IGNORED = (f"{PRIVATE}/", "gradebook.db*", "autograded/", "feedback/", "submitted/")
_CONFIGURE = "autograder.nbgrader_plugin.configure("


def nbgrader_course(assignment: Assignment, package: Path, course_id: str) -> Release:
    """Build an nbgrader course directory.

    The source notebook and the self-check nbgrader hands on to students; configuration and instructions are the
    instructor's. The assignment's package, which grading reads, stays where it is. The course id is the course's name
    in nbgrader's exchange: part of a path there.

    Raises `InputError` if the course id cannot be part of a path.
    """
    if not course_id or course_id in (".", "..") or not all(c.isalnum() or c in "._-" for c in course_id):
        raise InputError(
            f"--course-id {course_id!r}: nbgrader makes a folder of it; use letters, digits, '.', '_', '-'"
        )
    source = f"source/{assignment.id}"
    own = {
        "nbgrader_config.py": _config(package.resolve(), course_id),
        "README.md": _readme(assignment, package.resolve(), course_id),
        ".gitignore": "".join(f"{name}\n" for name in _IGNORED),
    }
    return Release(
        files={
            f"{source}/{assignment.id}.ipynb": notebook(assignment, nbgrader=True),
            f"{source}/{assignment.check_module}.py": build_selfcheck(assignment).encode(),
            **{path: text.encode() for path, text in own.items()},
        },
        kept={"nbgrader_config.py": _CONFIGURE, "README.md": "", ".gitignore": ""},
        recorded=True,
    )


def course_id_of(assignment: Assignment) -> str:
    """Make a course id of a course's name: all of it up to its number."""
    words = re.findall(r"[\w-]+", assignment.course.lower())
    numbered = next((count for count, word in enumerate(words, 1) if any(map(str.isdigit, word))), len(words))
    return "-".join(words[:numbered])


def _config(package: Path, course_id: str) -> str:
    return f'''"""nbgrader's configuration for this course, from `hw1 release nbgrader`. Add your own settings below."""

import sys
from pathlib import Path

try:
    import autograder.nbgrader_plugin
except ImportError as error:
    # nbgrader passes over other errors in this file, and would go on to run students' code itself.
    raise SystemExit(f"hw1: {{error}} in {{sys.executable}}; install hw1 where nbgrader runs") from None

COURSE = str(Path(__file__).resolve().parent)

c = get_config()  # noqa: F821 - nbgrader defines it
c.CourseDirectory.course_id = "{course_id}"
c.CourseDirectory.root = COURSE
# Grades this homework in hw1's sandbox instead of running students' notebooks; other assignments stay as they are.
# For instructors: students get no part of it.
autograder.nbgrader_plugin.configure(c, assignment={str(package)!r}, course=COURSE)
'''


def _readme(assignment: Assignment, package: Path, course_id: str) -> str:
    name, folder = assignment.id, shlex.quote(str(package))
    return f"""# {assignment.title}: what to type

nbgrader course `{course_id}`. Run everything in this folder, in the environment where `hw1` is installed.

1. **Give it out**

       nbgrader generate_assignment {name}
       nbgrader release_assignment {name}

   Students then fetch, fill in and submit it. Without nbgrader's exchange hand out `release/{name}/` and put what comes
   back at `submitted/STUDENT/{name}/{name}.ipynb`; then skip step 2.

2. **Collect**

       nbgrader collect {name}

3. **Grade**: the first command grades all students at once, the second brings the grades into nbgrader's gradebook

       hw1 grade --course .
       nbgrader autograde {name}

   To grade again add `--force` to the second; `hw1 grade --course . --dry-run` first lists what would change for whom.

4. **Return**

       nbgrader generate_feedback {name}
       nbgrader release_feedback {name}

   For work that did not come through `nbgrader submit`, hand back `feedback/STUDENT/{name}/{name}.html` yourself.

5. **Export** to `grades.csv`

       nbgrader export

The Formgrader in `jupyter lab` (menu Nbgrader) does all of this with buttons.

- Keep `{PRIVATE}/` secret and keep it: its secret decides the hidden cases, and the same secret is needed to grade
  again. Students get `release/{name}/` and nothing else of this folder.
- After the homework changed

      hw1 release nbgrader --course . --course-id {course_id} --assignment {folder}
      nbgrader generate_assignment {name} --force

  and step 3 again, with `--force`. What you edited in `nbgrader_config.py` and here is kept.
- Grades come from hidden cases in hw1's sandbox. nbgrader's own validation shows students the public cases only.
- Other assignments of this course are graded as nbgrader and your settings say, as if hw1 were not there.
- Of the files beside a notebook, only pictures are passed on; long cells are shown cut but graded whole.
"""
