"""Run every attack and print the table: ``python -m tests.nbgrader_attacks [NAME ...]`` from the repository's root."""

import sys
import tempfile
from pathlib import Path

from tests.classroom.nbgrader_course import make_course
from tests.nbgrader_attacks._arena import fight
from tests.nbgrader_attacks._summary import lines


def main() -> int:
    names = sys.argv[1:]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        course = make_course(Path(folder) / "course", Path("solutions"))
        result = fight(course, Path("solutions"), chosen=lambda attack: not names or attack.name in names)
    for line in lines(finding.record() for finding in result.findings):
        print(line)
    for student, points in result.honest.items():
        print(f"{student:<26} {'':>4} {points:>4g}")
    for complaint in result.wrong:
        print(complaint)
    return 1 if result.wrong or any(finding.complaints for finding in result.findings) else 0


sys.exit(main())
