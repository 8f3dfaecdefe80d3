"""Read a folder of submissions as if it were harmless, and write a table: only for `_without`.

Ends with 3 when it read what no student handed in, wrote elsewhere, or wrote a table that is not safe to open.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import resource
import runpy
import sys
import tempfile
import zipfile
from pathlib import Path

FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEADING = re.compile(r"^\s*\*\*Question.*\*\*", re.MULTILINE)
_WRITES = re.compile(r"%%writefile (\S+)\n(.*)", re.DOTALL)
_PLAIN = re.compile(r"[\w.@%=+-]+", re.ASCII)


def unsafe(table: str, students: int) -> list[str]:
    """Say what of a table of grades is not safe to open, to print or to show."""
    rows = list(csv.reader(io.StringIO(table)))
    found = [f"{len(rows) - 1} rows for {students} students"] if len(rows) - 1 != students else []
    for row in rows[1:]:
        found += [f"a formula: {row[0]!r}"] if row and row[0].startswith(FORMULA) else []
        found += [f"not plain: {row[0]!r}"] if row and not _PLAIN.fullmatch(row[0].lstrip("'")) else []
        found += [f"{len(row)} columns"] if len(row) != len(rows[0]) else []
    return found


def files_in(student: Path) -> list[Path]:
    """List what a student handed in, modules in folders too."""
    if student.is_file() or not student.is_dir():
        return [student]
    return sorted(Path(folder, name) for folder, _, names in os.walk(student, followlinks=True) for name in names)


def main() -> None:
    """Build the attack's folder and read it."""
    work = Path(tempfile.mkdtemp())
    folder, output, secret = work / "submissions", work / "output", work / "elsewhere" / "secret.py"
    for made in (folder, output, secret.parent):
        made.mkdir()
    secret.write_text("SECRET = 1\n", encoding="utf-8")
    runpy.run_path(sys.argv[1])["build"](folder, secret)
    # Nobody's machine shall suffer: this much is enough to see that there is no limit.
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 27, 1 << 27))
    lines = ["student,status,earned"]
    taken = []
    students = list(folder.iterdir())
    for student in students:
        for file in files_in(student):
            if file.suffix == ".zip":
                with zipfile.ZipFile(file) as archive:
                    for name in archive.namelist():
                        (output / name).parent.mkdir(parents=True, exist_ok=True)
                        (output / name).write_bytes(archive.read(name))
                continue
            text = file.read_text(encoding="utf-8")
            if file.suffix == ".ipynb":
                cells = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
                for name, module in (found.groups() for cell in cells if (found := _WRITES.fullmatch(cell))):
                    (file.parent / name).write_text(module, encoding="utf-8")
                text = "\n".join(_HEADING.sub("", cell) for cell in cells if not _WRITES.fullmatch(cell))
            compile(text, str(file), "exec")
            taken.append(text)
        (output / student.name).mkdir()
        (output / student.name / f"{student.name}.feedback").write_text("0 points", encoding="utf-8")
        lines.append(f"{student.name},graded,0")
    (output / "grades.csv").write_text("\n".join(lines), encoding="utf-8", errors="surrogateescape")
    escaped = [path for path in work.rglob("escaped.py") if not path.is_relative_to(output)]
    if escaped or any("SECRET" in text for text in taken) or unsafe("\n".join(lines), len(students)):
        sys.exit(3)


if __name__ == "__main__":
    main()
