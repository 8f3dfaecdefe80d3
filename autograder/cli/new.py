"""``hw1 new``: a homework or a question to fill in."""

import re
from pathlib import Path

import click

from autograder.cli.common import NamedPath, assignment_option, say
from autograder.errors import InputError, OutputError
from autograder.templates import filled

_KINDS = click.Choice(["gradient", "value", "jacobian"])
_ID, _QUESTION = re.compile(r"[A-Za-z][A-Za-z0-9_-]*"), re.compile(r"q[A-Za-z0-9_]+")


@click.group(short_help="Write a homework or a question to fill in.")
def new() -> None:
    """Write a homework or a question to fill in; `hw1 lint` names what is missing."""


@new.command(short_help="A package with one question.")
@click.argument("folder", type=NamedPath(), metavar="DIR")
@click.option("--id", "id_", default="", help="What the homework is called in files.  [default: DIR's name]")
@click.option("--kind", type=_KINDS, default="gradient", show_default=True, help="Kind of its first question, q1.")
def homework(folder: Path, id_: str, kind: str) -> None:
    """Write a package with one question: DIR/__init__.py and DIR/q1.py."""
    id_ = id_ or folder.resolve().name
    if not _ID.fullmatch(id_):
        raise InputError(f"--id {id_}: files are named after it; use letters, digits, '_' and '-', a letter first")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} already exists; name a new folder")
    _write(folder / "__init__.py", _homework_page(id_))
    _write(folder / "q1.py", _question_page("q1", kind))
    _next(folder, "q1")


@new.command(short_help="One more question's page.")
@click.argument("id_", metavar="QUESTION")
@click.option("--kind", type=_KINDS, default="gradient", show_default=True, help="What is asked.")
@assignment_option
def question(id_: str, kind: str, assignment_path: Path) -> None:
    """Write a question's page, such as q3, into the homework's package."""
    if not _QUESTION.fullmatch(id_):
        raise InputError(f"{id_}: no name for a question; use q and letters, digits or '_', such as q3 or q1b")
    if not (assignment_path / "__init__.py").is_file():
        raise InputError(f"--assignment {assignment_path}: no homework there; hw1 new homework DIR writes one")
    file = assignment_path / f"{id_}.py"
    if file.exists():
        raise InputError(f"{file} already exists; name another question")
    _write(file, _question_page(id_, kind))
    _next(assignment_path, id_)


def _question_page(id_: str, kind: str) -> str:
    """Text of a new question's file."""
    function = f"{id_}_{'module' if kind == 'value' else kind}"
    return filled(__package__, "question.py.j2", id=id_, kind=kind, label=id_.removeprefix("q"), function=function)


def _homework_page(id_: str) -> str:
    """Text of a new homework's ``__init__.py``."""
    words = id_.removeprefix("hw")
    return filled(__package__, "homework.py.j2", id=id_, title=f"Homework {words}" if words.isdecimal() else id_)


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}") from None
    say(f"wrote {file}")


def _next(folder: Path, id_: str) -> None:
    say(f"\nNext: fill in what says TODO; hw1 lint --question {id_} --assignment {folder} names what is missing,")
    say(f"and hw1 preview {id_} --assignment {folder} --watch shows how it looks")
