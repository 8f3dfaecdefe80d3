"""The self-check and the grader say the same about the public cases of any file."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

import pytest

from autograder import release, truth
from autograder.grading import Grader
from autograder.loading import Found, load_assignment, read_submission
from autograder.model import Assignment
from autograder.results import Outcome, Run
from autograder.sandbox.running import Sandbox
from autograder.words import STATUSES
from tests.catalogue import ENTRIES
from tests.catalogue._pipeline import HEAD, references
from tests.solutions.helped import HELPED, write_helped
from tests.solutions.helped import RIGHT as HELPED_RIGHT

SUBMISSIONS = Path(__file__).parents[1] / "submissions"

ORDER = "the order of calls is the grader's"
OWED: Mapping[str, tuple[str, str]] = {
    "catalogue-softmax_jacobian.buffer_shared_by_calls.py": (ORDER, "in another order"),
    "catalogue-softmax_jacobian.last_jacobian_kept.py": (ORDER, "in another order"),
    "odd-asks-for-a-file.py": ("whether a file is there can be asked without opening it", "your files"),
    "odd-asks-the-environment.py": ("the self-check keeps the environment it was started in", "environment variables"),
    "odd-interrupts-itself.py": ("for the self-check it is Ctrl-C", "Interrupted: nothing more was checked"),
    "class-student-13.py": ("it forges answers, and ends its process", '{"status": "passed"}'),
    "odd-much-returned.py": ("nobody measures what the self-check is given: wrong there", "has shape (4096, 4096)"),
}
"""Files about which the two need not agree: the reason, and what the self-check says instead of the verdict."""

RIGHT: Mapping[str, int | None] = {
    "after-a-star.py": 4, "asks-for-a-file.py": 4, "asks-the-environment.py": 4, "bad-indent.py": 0,
    "coding-too-late.py": None, "empty.py": 0, "exit-before.py": 2, "exits-in-a-call.py": 4, "finite-differences.py": 6,
    "float32.py": 0, "function-is-async.py": 4, "generator.py": 4, "import-that-is-used.py": 4,
    "interrupts-itself.py": 4, "masked.py": 6, "matrix.py": 6, "much-memory.py": 4, "much-returned.py": 4,
    "mutates.py": 5, "needs-a-file.py": 4, "needs-a-program.py": 4, "needs-a-thread.py": 4, "needs-the-network.py": 4,
    "no-default.py": 7, "no-source.ipynb": None, "not-utf-8.ipynb": None, "not-written.py": 4,
    "null-byte.py": 0, "old-numpy.py": 0, "latin-1-unsaid.py": None, "punycode.py": None, "raises.py": 4,
    "syntax-error-in-one-cell.ipynb": 4, "torch-is-used.py": 4, "unknown-coding.py": None,
    "utf-16.py": None, "version-3.ipynb": None, "warning-raised.py": 4, "wrong-coding.py": None,
} | ({"newer-syntax.py": 0} if sys.version_info < (3, 12) else {})  # fmt: skip
"""Of the eight public cases of an odd file, how many pass where it is not all of them; None when it cannot be read."""

DRIVER = """\
import json, os, resource, runpy, sys
import numpy.testing

check, folder, *files = sys.argv[1:]
# Its text is compiled once for all.
main = runpy.run_path(check)["main"]
ends = []
for file in files:
    child = os.fork()
    if not child:
        said = os.open(f"{folder}/{os.path.basename(file)}.txt", os.O_WRONLY | os.O_CREAT)
        os.dup2(said, 1), os.dup2(said, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
        resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))
        sys.argv[:] = [check, file]
        code = 70
        try:
            code = main([file])
        except SystemExit as end:
            code = end.code
        finally:
            sys.stdout.flush()
            os._exit(code)
    ends.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(json.dumps(ends))
"""


def files(folder: Path, assignment: Assignment) -> Iterator[Path]:
    """Write every implementation of the catalogue and every submission into one folder."""
    parts = [part.name for part in assignment.parts]
    standing = references(assignment)
    for row in zip_longest(*([e for e in ENTRIES if e.part == part] for part in parts)):
        *_, last = filter(None, row)
        file = folder / f"catalogue-{last.id}.py"
        sources = [entry.source if entry else standing[part] for entry, part in zip(row, parts, strict=True)]
        file.write_text(HEAD + "\n\n" + "\n\n\n".join(sources) + "\n")
        yield file
    for path in sorted(SUBMISSIONS.rglob("*")):
        # What attacks nbgrader are pieces of programs, which a notebook is made of elsewhere.
        if path.suffix in (".py", ".ipynb") and "nbgrader_attacks" not in path.parts:
            file = folder / "-".join(path.relative_to(SUBMISSIONS).parts)
            shutil.copyfile(path, file)
            yield file


def by_self_check(folder: Path, paths: Sequence[Path], program: str) -> dict[str, dict[tuple[str, str], str]]:
    """Status of each public case by file, as the released self-check tells it, run away from this machine."""
    (folder / "hw1_check.py").write_text(program)
    (folder / "driver.py").write_text(DRIVER)
    (folder / "said").mkdir()
    command = [
        "bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--dev", "/dev",
        "--bind", folder, folder, "--chdir", folder,
        sys.executable, "-I", "-B", folder / "driver.py", folder / "hw1_check.py", folder / "said", *paths,
    ]  # fmt: skip
    environment = {**os.environ, "PATH_OF_MINE": "here"}
    ends = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout)
    found = {}
    for path, end in zip(paths, ends, strict=True):
        said = (folder / "said" / f"{path.name}.txt").read_text(errors="replace")
        assert end in (0, 1, 2, 130, -signal.SIGKILL), f"{path.name}: {said}"
        found[path.name] = {} if end == 2 else _told(said)
    return found


def _told(said: str) -> dict[tuple[str, str], str]:
    table = said.partition("\n\nfunction ")[2].partition("\n\n")[0].splitlines()
    details = said.partition("\n\nfunction ")[2].partition("Compared with finite differences:")[0].split("\n\n")[1:]
    more = {head: rest for head, _, rest in (detail.partition(":\n") for detail in details)}
    found = {}
    for line in table[2:]:
        name, title, first = re.fullmatch(r"(\w+) +(.*?)  +(.*)", line).groups()  # type: ignore[union-attr]
        found[name, title] = _status(f"  {first}\n{more.get(f'{name}, {title}', '')}")
    return found


def _status(lines: str) -> str:
    if lines.startswith("  ok"):
        return "passed"
    if lines.startswith(("  missing", "  not written yet")) or "not a function" in lines:
        return "missing" if "not written" not in lines else "raised"
    if lines.startswith("  raised"):
        return "out_of_memory" if lines.startswith("  raised MemoryError") else "raised"
    if lines.startswith(("  too slow", "  not called")):
        return "timed_out"
    if "changes its input" in lines:
        return "mutated"
    faults = [line for line in lines.splitlines() if re.match(r"  \w+(\[[\d, ]*\])? (is|has|holds) |  returns ", line)]
    assert faults, lines
    return "approx" if all("(nearly" in line or "too coarse" in line for line in faults) else "wrong"


def by_grader(paths: Sequence[Path], assignment: Assignment) -> dict[str, dict[tuple[str, str], str]]:
    """Status of each public case by file, as the grader's verdicts have it."""
    cases = truth.compute(assignment, b"a secret for the public cases alone")
    public = [case for case in cases.cases if not case.hidden]
    outputs = {part.name: part.names for part in assignment.parts}
    titles = {(p.name, family.name): family.title for p in assignment.parts for family in p.families}
    hidden = {case.id: Outcome(case=case.id, status="missing") for case in cases.cases if case.hidden}
    found: dict[str, dict[tuple[str, str], str]] = {}
    with Sandbox(limits=assignment.limits) as sandbox:
        grader = Grader(assignment, cases, sandbox.isolation)
        for path in paths:
            own = path.name.startswith("helped-")
            submission = read_submission(Found(student="a", paths=(path,), check=assignment.check_module, own=own))
            if submission.problem:
                found[path.name] = {}
                continue
            run = sandbox.run(submission, public, outputs)
            grade = grader.grade(submission, Run(notes=run.notes, outcomes={**hidden, **run.outcomes}, seconds=0))
            statuses: dict[tuple[str, str], list[str]] = {}
            for score in grade.scores:
                for verdict in score.verdicts:
                    if not verdict.hidden:
                        statuses.setdefault((score.part, titles[score.part, verdict.family]), []).append(verdict.status)
            found[path.name] = {case: min(some, key=STATUSES.index) for case, some in statuses.items()}
    return found


@pytest.mark.early
@pytest.mark.no_cover  # it takes known ways through the grader, hundreds of times
def test_public_verdicts_agree(tmp_path: Path, quick: Path) -> None:
    assignment = load_assignment(quick)
    paths = [*files(tmp_path, assignment), *write_helped(tmp_path, assignment)]
    told = by_self_check(tmp_path, paths, release.build_selfcheck(assignment))
    graded = by_grader(paths, assignment)
    apart = {
        name: sorted(verdicts.items() ^ told[name].items()) or "unreadable for one of them"
        for name, verdicts in graded.items()
        if verdicts != told[name]
    }
    assert "\n".join(f"{name}: {apart[name]}" for name in apart if name not in OWED) == ""
    # The order comes from the file's hash, so it may by chance be the self-check's.
    by_chance = {name for name, (why, _) in OWED.items() if why == ORDER}
    assert OWED.keys() - by_chance <= apart.keys() <= OWED.keys()
    for name, (_, words) in OWED.items():
        assert words in (tmp_path / "said" / f"{name}.txt").read_text()
    odd = {name.removeprefix("odd-"): verdicts for name, verdicts in graded.items() if name.startswith("odd-")}
    passed = {name: [*verdicts.values()].count("passed") if verdicts else None for name, verdicts in odd.items()}
    assert {name: number for name, number in passed.items() if number != 8} == RIGHT
    assert len(odd) >= 120
    own = {path.stem.removeprefix("helped-"): graded[path.name] for path in paths if path.name.startswith("helped-")}
    passed = {case: [*verdicts.values()].count("passed") if verdicts else None for case, verdicts in own.items()}
    assert {case: number for case, number in passed.items() if number != 8} == HELPED_RIGHT
    assert len(own) == len(HELPED)
