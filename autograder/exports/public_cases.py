"""Check the public cases where a student pushes: in Classroom 50, or in any workflow of GitHub's. It is no grade.

This file goes into a package as it stands, beside the self-check, with the names below filled in. It needs Python
alone, knows no hidden case and no secret, and may be read and changed by whoever can change the repository.
"""

import importlib.util
import json
import os
import runpy
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILES = ("homework.ipynb", "homework.py")
CHECK = "homework_check.py"
NUMPY = "numpy"
SECONDS = 300
TITLE = "Public cases, not a grade"
RIGHT = "ok"

Row = tuple[str, str, list[str]]
"""Function, public case, and what is to be said: the first line starts with `RIGHT` where it is right."""


def main(arguments: list[str]) -> int:
    """Check the file in this folder, and say how many public cases are right.

    Under Classroom 50's runner result.json and release-body.md are written and all is well; else exit code 1 says that
    a public case is not right, 2 that nothing could be checked.
    """
    if len(arguments) == 3:
        return _inside(*arguments)
    rows, notes, problem = _checked(Path())
    right = sum(row[2][0].startswith(RIGHT) for row in rows)
    cases, are = "case" if len(rows) == 1 else "cases", "is" if 1 in (right, len(rows)) else "are"
    told = problem or f"{right} of {len(rows)} public {cases} {are} right"
    body = _body(rows, notes, told)
    if "CLASSROOM" in os.environ:
        Path("result.json").write_text(json.dumps(_result(rows, right), indent=2) + "\n", encoding="utf-8")
        Path("release-body.md").write_text(body, encoding="utf-8")
    elif summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(summary, "a", encoding="utf-8") as file:  # noqa: PTH123
            file.write(body)
    print(f"::{'error' if problem else 'notice'} title={TITLE}::{_escaped(told)}")
    return 0 if "CLASSROOM" in os.environ else 2 if problem else int(right < len(rows))


def _checked(folder: Path) -> tuple[list[Row], list[str], str]:
    """Run the self-check in a process of its own: what it found, what was said on loading, or why there is nothing."""
    there = [name for name in FILES if (folder / name).is_file()]
    if len(there) != 1:
        one, other = FILES
        if there:
            return [], [], f"both {one} and {other} are here; keep only one"
        return [], [], f"neither {one} nor {other} is here; add one"
    if importlib.util.find_spec("numpy") is None:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", NUMPY], check=True)
    check = Path(__file__).resolve().with_name(CHECK)
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "found.json"
        command = [sys.executable, "-B", __file__, str(check), str(folder / there[0]), str(out)]
        try:
            subprocess.run(command, check=False, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return [], [], f"{there[0]} did not end within {SECONDS} seconds"
        if not out.is_file():
            return [], [], f"{there[0]} could not be checked, or ended the program; the log says more"
        found = json.loads(out.read_text(encoding="utf-8"))
        return found["rows"], found["notes"], ""


def _inside(check: str, file: str, out: str) -> int:
    """Check the file, and leave for the other process what was found."""
    program = runpy.run_path(check, run_name="check")
    code = int(program["main"]([file]))
    if code in (0, 1):
        rows = [(name, title, judged.lines) for name, title, judged in program["FOUND"]]
        Path(out).write_text(json.dumps({"rows": rows, "notes": program["NOTES"]}), encoding="utf-8")
    return code


def _result(rows: list[Row], right: int) -> dict[str, Any]:
    """Lay out what Classroom 50 reads; its runner stamps owner, kind and times once more."""
    given = os.environ.get
    return {
        "schema": "classroom50/result/v1",
        "classroom": given("CLASSROOM", ""),
        "assignment": given("ASSIGNMENT", ""),
        "assignment_type": given("ASSIGNMENT_TYPE", "individual"),
        "owner": given("OWNER", ""),
        "submission": given("SUBMISSION_TAG", ""),
        "commit": given("COMMIT_URL", ""),
        "release": given("RELEASE_URL", ""),
        "review": given("REVIEW_URL", "") or given("COMMIT_URL", ""),
        "datetime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": right,
        "max-score": len(rows),
        "tests": [
            {
                "test-name": f"{name}, public case: {title}",
                "passed": lines[0].startswith(RIGHT),
                "score": int(lines[0].startswith(RIGHT)),
                "max-score": 1,
                "message": "\n".join(lines),
            }
            for name, title, lines in rows
        ],
    }


def _body(rows: list[Row], notes: list[str], told: str) -> str:
    """Lay out Markdown: what a student's code said stands in cells, without any mark of its own."""
    lines = [f"### {TITLE}", "", f"{_plain(told)}."]
    if notes:
        lines += ["", "While the file was loaded:", "", *(f"- {_plain(note)}" for note in notes)]
    if rows:
        lines.append("")
        lines += ["| function | public case | result |", "|---|---|---|"]
        lines += [f"| `{name}` | {_plain(title)} | {_plain(said[0])} |" for name, title, said in rows]
    return "\n".join([*lines, "", "Hidden cases, of other sizes and values, decide the grade.", ""])


def _plain(text: str) -> str:
    for mark in "\\`*_{}[]<>|#!~&":
        text = text.replace(mark, f"&#{ord(mark)};" if mark != "&" else mark)
    return " ".join(text.split())


def _escaped(text: str) -> str:
    """Spell what GitHub's commands would take for their own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
