"""Check your homework yourself, with Python and numpy and nothing else.

    python homework_check.py FILE

FILE is your .py module or your .ipynb notebook. It is run here, on your machine, under your own account.
This runs public cases only: hidden cases decide the grade. In the notebook, the cell after each function calls `part`.

Exit code 0: every public case is right; 1: some are not; 2: FILE cannot be read; 130: interrupted.
"""

from __future__ import annotations

import ast
import contextlib
import errno
import functools
import inspect
import io
import os
import random
import sys
import textwrap
import threading
import tokenize
import types
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# RULES BEGIN
# In a release the text of these modules stands here: by all but the last your work is loaded when it is graded.
from autograder.sandbox._worker.clock import Clock, Spell
from autograder.sandbox._worker.helpers import MAX_HELPER_BYTES, MAX_HELPERS, Helpers, followed, is_taken
from autograder.sandbox._worker.running import MODULE_NAMES, Pace, Space, Trouble, after_star
from autograder.sandbox._worker.text import (
    MAX_BYTES,
    UnreadableError,
    by_own_marks,
    code_cells,
    decode_text,
    notebook_cells,
)
from autograder.selfcheck_html import Beside, ShownCase, page
from autograder.wire.notes import NOT_RUN, OUT_OF_REACH

# RULES END

try:
    import numpy as np
except ImportError:
    sys.exit("numpy is needed to check your homework; install it with: python -m pip install numpy")

Array = np.ndarray[Any, Any]
Comparison = tuple[str, Any, Any]
"""What was computed, your numbers, and those of finite differences: of the same shape."""
Check = Callable[..., "list[str]"]

PUBLIC: dict[str, Any] = {
    "title": "",
    "graders": "",
    "limits": {"stated": "", "call": 2, "statement": 2, "loading": 10, "margin": 1.5},
    "questions": [],
    "parts": [],
}
"""Titles, what your work is graded with, how many seconds of CPU time there are and how much later you are stopped, and
for each part its public cases: filled in at the end of this file."""

GRADIENT_CHECKS: dict[str, Check] = {}
"""By question id: what you can verify alone by finite differences; filled in like `PUBLIC`. It complains in
words, and appends comparisons to its third argument, if it takes one."""

ABOUT = """
Runs the public cases on your work, on this computer and under your own account, and compares your gradients with
finite differences.
Exit code 0: every public case is right; 1: some are not; 2: FILE cannot be read; 130: interrupted."""
ONLY_PUBLIC = "These are public cases only. Hidden cases, of other sizes and values, decide the grade."
NOT_THE_SAME = (
    "When your work is graded, the calls come in another order, and your files and environment variables are not there."
)
OWN_PRINTS = "Your own prints:"
PRINTED = 20_000
"""Characters of your own prints that are shown."""
NOT_WRITTEN = "not written yet"
TOO_SLOW = "too slow"
NOT_CALLED = "not called: the case before it took too long"
_MODULE_NAMES = tuple(MODULE_NAMES.values())
_BY_YOURS = "if it replaces something of numpy or of Python itself, such as np.array = ..., take that out"
_USAGE = "usage: python homework_check.py FILE   (your .py module or your .ipynb notebook)"


@dataclass(frozen=True)
class Fault:
    """Something that is not right; with both arrays where they can be held against each other."""

    text: str
    name: str = ""
    yours: Any = None
    expected: Any = None
    #: Where yours is off; None where the shapes differ.
    off: Any = None

    @property
    def lines(self) -> list[str]:
        """The text, and both arrays where they are small."""
        if self.off is None or not 1 < self.off.size <= 36:
            return [self.text]
        return [self.text, *_array_lines("  yours   ", self.yours), *_array_lines("  expected", self.expected)]


@dataclass(frozen=True)
class Judged:
    """What a function did on a public case."""

    #: ``ok``, and what there is to say of it; or why there is no answer. Empty when there are faults.
    said: str = ""
    faults: tuple[Fault, ...] = ()
    #: Lines that show what the function was given, where that helps.
    inputs: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """All of it; the first line starts with ``ok`` when the answer is right."""
        return [*([self.said] if self.said else []), *(line for one in self.faults for line in one.lines), *self.inputs]


Result = tuple[str, str, Judged]


FOUND: list[Result] = []
"""What the last run of `main` came to, case by case; nothing where the file could not be read."""

NOTES: list[str] = []
"""What was said in it while the file was loaded."""


class BadFileError(Exception):
    """FILE cannot be read; the text is one line that says why."""


def main(arguments: Sequence[str]) -> int:
    """Run the public cases and the gradient checks on one file, and print what came out.

    The exit code is 0 when every public case is right, 1 when one is not, 2 when the file cannot be read or nothing can
    be printed, 130 when interrupted.
    """
    if list(arguments) in (["-h"], ["--help"]):
        print(f"{_USAGE}\n{ABOUT}")
        return 0
    if len(arguments) != 1:
        print(_USAGE, file=sys.stderr)
        return 2
    # input() gets nothing, as when your work is graded.
    stdin, argv, finders = sys.stdin, list(sys.argv), list(sys.meta_path)
    modules = {name: sys.modules.get(name) for name in _MODULE_NAMES}
    try:
        with open(os.devnull, encoding="utf-8") as nothing:  # noqa: PTH123
            sys.stdin = nothing
            _refuse_from_now_on()
            with _as_graded(), _not_ended():
                code = _run(arguments[0])
        sys.stdout.flush()
        return code
    except BadFileError as problem:
        print(f"{_seen(arguments[0])} {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted: nothing more was checked. If a function did not return, look for an infinite loop.")
        return 130
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EFBIG, errno.EIO, errno.EPIPE) or error.filename is not None:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Python would try again at its end
        if error.errno == errno.EPIPE:
            return 2  # whoever read, such as a pager, has read enough
        print(f"what is printed cannot be written ({error.strerror})", file=sys.stderr)
        return 2
    except Exception as error:
        print(f"{_seen(arguments[0])} cannot be checked ({_words(error)}); {_BY_YOURS}", file=sys.stderr)
        return 2
    finally:
        _yours.clear()
        sys.stdin, sys.argv[:], sys.meta_path[:] = stdin, argv, finders
        for name, module in modules.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
        for name, module in list(sys.modules.items()):
            if isinstance(getattr(module, "__loader__", None), Helpers):
                del sys.modules[name]


@functools.cache
def _refuse_from_now_on() -> None:
    sys.addaudithook(_refuse)
    start = threading.Thread.start

    def start_unless_yours(thread: threading.Thread) -> None:
        if _yours and _is_for_you(sys._getframe(1)):
            raise RuntimeError("can't start new thread (none can be started when your work is graded)")
        start(thread)

    threading.Thread.start = start_unless_yours  # type: ignore[method-assign, assignment]


@contextlib.contextmanager
def _not_ended() -> Iterator[None]:
    """Keep what ends Python at once, before anything was said, from your code."""
    ends, here = (os._exit, os.abort), os.getpid()

    def refusing(end: Callable[..., Any]) -> Callable[..., Any]:
        def ended(*arguments: Any) -> None:
            if os.getpid() != here:
                end(*arguments)
            raise SystemExit(f"os.{end.__name__} ends Python before an answer comes back")

        return ended

    os._exit, os.abort = refusing(ends[0]), refusing(ends[1])
    try:
        yield
    finally:
        os._exit, os.abort = ends


@contextlib.contextmanager
def _as_graded() -> Iterator[None]:
    """What is set before your code runs: no warnings, and random numbers that are the same every time."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002 - the state that older code starts from
        yield


def _run(path: str) -> int:
    whole = read_cells(path)
    cells, newer = _without_newer(whole)
    helpers, newer_helpers = _without_newer(read_helpers(path, whole))
    written: dict[str, Any] = {}
    results = FOUND
    results.clear()
    with _own_prints():
        with _clock() as clock:
            functions, notes = load(cells, clock, notebook=path.lower().endswith(".ipynb"), helpers=helpers)
            for part in PUBLIC["parts"]:
                function = functions.get(part["name"])
                judged = _judge_all(function, part, clock)
                results += judged
                if callable(function) and _comes_back(judged):
                    written[part["name"]] = function
        compared = [f"  {one['title']}:{_gradient_text(one, written)}" for one in PUBLIC["questions"]]
    print(f"\n{PUBLIC['title']}: {_seen(os.path.basename(path))}\n{_versions(PUBLIC['graders'])}\n")  # noqa: PTH119
    if helpers:
        print(f"Modules of your own, to be handed in beside it: {', '.join(_seen(name) for name, _ in helpers)}\n")
    NOTES[:] = map(_seen, [*newer, *newer_helpers, *notes])
    if NOTES:
        print("While your file was loaded:")
        print("".join(f"  {note}\n" for note in NOTES))
    rows = [("function", "public case", "result"), *((name, title, one.lines[0]) for name, title, one in results)]
    print("\n".join(_table(rows)))
    for name, title, one in results:
        if len(one.lines) > 1:
            print("\n".join(["", f"{name}, {title}:", *(f"  {line}" for line in one.lines)]))
    print("\n".join(["\nCompared with finite differences:", *compared]))
    print(f"\n{_count(results)}\n{PUBLIC['limits']['stated']}\n{NOT_THE_SAME}\n{ONLY_PUBLIC}")
    return 0 if all(map(_right, results)) else 1


def _seen(text: str) -> str:
    """Spell what a terminal would obey: a file may be called anything."""
    return "".join(one if one.isprintable() else f"[U+{ord(one):04X}]" for one in text)


def _versions(graders: str) -> str:
    yours = [f"{sys.version_info[0]}.{sys.version_info[1]}", ".".join(np.__version__.split(".")[:2])]
    mine = "Python {} and numpy {}".format(*yours)
    graded = f"Your work is graded with {graders}"
    if mine == graders:
        return f"{graded}."
    return f"{graded}; this is {mine}. Code that works with one of them may fail with the other."


class _OwnPrints:
    """Standard output while your code runs: what it prints comes at once, below a heading of its own."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._left = PRINTED
        self.last = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Print, after the heading if it is the first time."""
        if text and not self.last:
            self._stream.write(f"{OWN_PRINTS}\n")
        self.last = text or self.last
        if self._left > 0:
            self._stream.write(text[: self._left])
            if len(text) >= self._left:
                self._stream.write("\n[the rest of what you print is left out]")
                self.last = " "
        self._left -= len(text)
        return len(text)


@contextlib.contextmanager
def _own_prints() -> Iterator[None]:
    own: Any = _OwnPrints(sys.stdout)
    try:
        with contextlib.redirect_stdout(own):
            yield
    finally:
        if own.last:
            print("" if own.last.endswith("\n") else "\n")


@contextlib.contextmanager
def _clock() -> Iterator[Clock]:
    clock = Clock()
    try:
        yield clock
    finally:
        clock.stop()


def _judge_all(function: object, part: Mapping[str, Any], clock: Clock) -> list[Result]:
    results: list[Result] = []
    for case in part["cases"]:
        judged = Judged(NOT_CALLED) if any(map(_is_slow, results)) else judge(function, part, case, clock)
        results.append((part["name"], case["title"], judged))
    return results


def _is_slow(result: Result) -> bool:
    return result[2].said.startswith(TOO_SLOW)


def _comes_back(judged: Sequence[Result]) -> bool:
    """Whether a function is written, and not too slow."""
    return not any(map(_is_slow, judged)) and any(one.said != NOT_WRITTEN for _, _, one in judged)


def _right(result: Result) -> bool:
    return result[2].said.startswith("ok")


def _count(results: Sequence[Result]) -> str:
    right = sum(map(_right, results))
    cases, are = "case" if len(results) == 1 else "cases", "is" if 1 in (right, len(results)) else "are"
    return f"{right} of {len(results)} public {cases} {are} right."


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Align columns under a heading; the last one is as long as it comes."""
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    rule = ["-" * width for width in (*widths, len(rows[0][-1]))]
    return ["  ".join([*map(str.ljust, row, widths), row[-1]]) for row in (rows[0], rule, *rows[1:])]


# ----------------------------------------------------------------------------------------------------- in the notebook


class PublicCasesError(Exception):
    """Not every public case of a part is right; the text is the whole report."""

    def __init__(self, report: str, brief: str = "") -> None:
        super().__init__(report)
        self._brief = brief

    def _render_traceback_(self) -> list[str]:
        """Let IPython show the report, or the last line of it below a page, instead of lines of this file."""
        return (self._brief or str(self)).splitlines()


def part(name: str, namespace: Mapping[str, Any]) -> None:
    """Show how a notebook's function does on its public cases; `namespace` is what it has defined, ``globals()``.

    Raises `PublicCasesError` if one is not right, so that nbgrader's validation notices; it says what a print would.
    """
    found = [part for part in PUBLIC["parts"] if part["name"] == name]
    if not found:
        raise PublicCasesError(f"This homework_check.py belongs to another homework: it does not know {name}.")
    show = _display()
    with _own_prints(), _clock() as clock, _not_ended(), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        results = _judge_all(namespace.get(name), found[0], clock)
        compared = _compared_here(name, namespace, results, clock) if show else ([], [])
    last = f"{_count(results)} Hidden cases decide the grade."
    report = "\n".join([*_report(results), last])
    _tell_terminal(f"{name}: {last}")
    if show:
        foot = f"{_versions(PUBLIC['graders'])} {PUBLIC['limits']['stated']} {NOT_THE_SAME}"
        shown = page(name, [*map(_shown, results)], *compared, foot)
        show({"text/html": shown, "text/plain": report}, raw=True)
    if not all(map(_right, results)):
        raise PublicCasesError(report, last if show else "")
    print(last if show else report)


def _display() -> Any:
    """What shows a page in a notebook; None elsewhere, and where nbgrader validates, which shows errors alone."""
    ipython = sys.modules.get("IPython")
    if ipython is None or os.environ.get("NBGRADER_EXECUTION") == "validate" or ipython.get_ipython() is None:
        return None
    return ipython.display.display


def _report(results: Sequence[Result]) -> list[str]:
    """Lines for where there are no pages."""
    rows = [(title, one.lines[0] if len(one.lines) == 1 else "not right, see below") for _, title, one in results]
    report = _table([("public case", "result"), *rows])
    for _, title, one in results:
        if len(one.lines) > 1:
            report += ["", f"{title}:", *(piece for line in one.lines for piece in _wrapped(line))]
    yours = _versions(PUBLIC["graders"])
    return [*report, "", *textwrap.wrap(yours, 82)]


def _shown(result: Result) -> ShownCase:
    _, title, one = result
    return ShownCase(
        title=title,
        result="not right" if one.faults else one.said,
        right=_right(result),
        is_open=one.said == NOT_WRITTEN,
        faults=[fault.text for fault in one.faults],
        arrays=[
            Beside(name=fault.name, yours=fault.yours, other=fault.expected, heading="expected", off=fault.off)
            for fault in one.faults
            if fault.yours is not None
        ],
        inputs=one.inputs,
    )


def _compared_here(
    name: str, namespace: Mapping[str, Any], results: Sequence[Result], clock: Clock
) -> tuple[list[str], list[Beside]]:
    """Compare a function with finite differences, by the functions of its question that stand before it."""
    question = next(one for one in PUBLIC["questions"] if name in one["parts"])
    before = question["parts"][: question["parts"].index(name)]
    written = {name: namespace.get(name)} if _comes_back(results) else {}
    for part in PUBLIC["parts"]:
        if written and part["name"] in before:
            function = namespace.get(part["name"])
            if callable(function) and _comes_back(_judge_all(function, part, clock)):
                written[part["name"]] = function
    if not callable(written.get(name)):
        return [], []
    complaints, comparisons = _gradients(question, written, name)
    return complaints, [
        Beside(name=what, yours=yours, other=slopes, heading="finite differences", off=~_is_close(yours, slopes))
        for what, yours, slopes in comparisons
    ]


def _is_close(yours: Any, slopes: Any) -> Any:
    """Whether numbers agree as far as finite differences tell."""
    return np.isclose(yours, slopes, rtol=1e-5, atol=1e-8)


def _wrapped(line: str) -> list[str]:
    """Indent; break what nbgrader's validation would cut off."""
    return [f"  {line}"] if len(line) < 80 else textwrap.wrap(line, 82, initial_indent="  ", subsequent_indent="    ")


def _tell_terminal(line: str) -> None:
    """Put a line above nbgrader's "Success!", which counts public cases only but does not say so.

    Its validation shows nothing that a right cell prints. The kernel keeps the terminal it was started from.
    """
    if os.environ.get("NBGRADER_EXECUTION") == "validate":
        with contextlib.suppress(OSError, ValueError):
            os.write(sys.stdout.fileno(), f"{line}\n".encode())


# ------------------------------------------------------------------------------------------------ reading and loading


def read_cells(path: str) -> list[tuple[str, str]]:
    """Read the code of a module, or of a notebook's code cells in order without its test cells: labels and sources.

    Raises `BadFileError` if there is no code to be found in the file.
    """
    if not path.lower().endswith((".py", ".ipynb")):
        raise BadFileError("is neither a .py nor an .ipynb file; give the file you hand in")
    try:
        data = _head(path, MAX_BYTES + 1)
    except OSError as error:
        raise BadFileError(f"cannot be opened ({error.strerror}); check the name") from None
    if len(data) > MAX_BYTES:
        raise BadFileError(f"is larger than {MAX_BYTES / 1e6:g} MB; clear the outputs and save again")
    try:
        text = decode_text(data)
        if path.lower().endswith(".ipynb"):
            return code_cells(by_own_marks(notebook_cells(text)))
        return [(os.path.basename(path), text)]  # noqa: PTH119
    except UnreadableError as error:
        raise BadFileError(str(error)) from None


def read_helpers(path: str, cells: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Read the modules of your own that the code imports from beside it, by path from the file's folder, sorted.

    Raises `BadFileError` if they are too many or too large, or no text.
    """
    folder, sizes = os.path.dirname(path) or ".", list[int]()  # noqa: PTH120

    def read(name: str) -> dict[str, str]:
        found = {}
        for inside in _modules_called(folder, name, path):
            data = _head(os.path.join(folder, inside), MAX_HELPER_BYTES + 1)  # noqa: PTH118
            sizes.append(len(data))
            if len(sizes) > MAX_HELPERS or sum(sizes) > MAX_HELPER_BYTES:
                most = f"{MAX_HELPERS} modules of your own, or {MAX_HELPER_BYTES / 1e6:g} MB"
                raise BadFileError(f"imports more than {most}; put what you need into fewer")
            try:
                found[inside] = decode_text(data)
            except UnreadableError as error:
                raise BadFileError(f"imports {inside}, which {error}") from None
        return found

    return sorted(followed([source for _, source in cells], read).items())


def _modules_called(folder: str, name: str, path: str) -> list[str]:
    """Files of the module or the package of a name; neither your file itself nor this one is a module of yours."""
    found = [f"{name}.py"]
    for where, folders, files in os.walk(os.path.join(folder, name)):  # noqa: PTH118
        folders[:] = [one for one in folders if one.isidentifier() and one != "__pycache__"]
        inside = os.path.relpath(where, folder).replace(os.sep, "/")
        found += [f"{inside}/{file}" for file in sorted(files) if file.endswith(".py")]
    own = (os.path.basename(path), "homework_check.py")  # noqa: PTH119
    return [one for one in found if one not in own and os.path.isfile(os.path.join(folder, one))]  # noqa: PTH113, PTH118


def _head(path: str, size: int) -> bytes:
    if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113
        raise OSError(errno.EINVAL, "it is not a file", path)
    with open(path, "rb") as file:  # noqa: PTH123
        return file.read(size)


def _without_newer(cells: Sequence[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[str]]:
    """Leave out the cells that your Python reads and an older one does not, with which your work is graded."""
    graders = tuple(PUBLIC.get("python", sys.version_info[:2]))
    kept: list[tuple[str, str]] = []
    notes: list[str] = []
    for label, source in cells:
        line = _newer_line(source, graders) if graders < sys.version_info[:2] else 0
        if line:
            notes.append(
                f"{label}, near line {line}: SyntaxError in Python {graders[0]}.{graders[1]}, with which your work is "
                "graded, but not in yours: all of this is left out"
            )
        kept.append((label, "" if line else source))
    return kept, notes


def _newer_line(source: str, graders: tuple[int, ...]) -> int:
    """Line of what an older Python does not read, as far as that can be told; 0 when it reads all of it."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return 0
    try:
        ast.parse(source, feature_version=(graders[0], graders[1]))
    except SyntaxError as error:
        return error.lineno or 1
    return _newer_string(source) if graders < (3, 12) else 0


def _newer_string(source: str) -> int:
    """Line of an f-string that Python reads from 3.12 on: with its own quotes, a backslash or a comment in braces."""
    opened: list[str] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        name, text = tokenize.tok_name[token.type], token.string
        if name == "FSTRING_END":
            opened.pop()
        elif opened and not (name == "FSTRING_MIDDLE" and len(opened) == 1):
            broken = name in ("NL", "NEWLINE") and any(len(quote) == 1 for quote in opened)
            if broken or name == "COMMENT" or "\\" in text or any(quote in text for quote in opened):
                return token.start[0]
        if name == "FSTRING_START":
            opened.append(text.lstrip("rRfF"))
    return 0


class _OnlyNumpy:
    """An import finder that your own code finds nothing through but what is there when your work is graded.

    Whatever numpy and the standard library import themselves, by names that vary from machine to machine, they get.
    """

    def __init__(self, finder: Any) -> None:
        self._finder = finder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._finder, name)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Find a module, unless your code asks for one that will not be there."""
        if not is_taken(name) and _is_your_own(sys._getframe(1)):
            return None
        return self._finder.find_spec(name, path, target)


def _is_import(frame: types.FrameType) -> bool:
    name = str(frame.f_globals.get("__name__"))
    return name.partition(".")[0] in ("importlib", "_frozen_importlib", "_frozen_importlib_external")


def _is_your_own(frame: types.FrameType | None) -> bool:
    """Whether the import that is going on in a frame stands in your code, not in a module that your code imports."""
    while frame and _is_import(frame):
        frame = frame.f_back
    known = (*_MODULE_NAMES, "builtins", None)
    return frame is not None and (frame.f_globals.get("__name__") in known or _is_yours(frame))


_yours: list[list[dict[str, Any]]] = []
"""The namespaces of the code that runs, if it runs as when it is graded."""

_FOLDERS = tuple({os.path.realpath(path) for path in (sys.prefix, sys.base_prefix, os.path.dirname(np.__file__))})  # noqa: PTH120
_PROGRAMS = ("subprocess.Popen", "os.system", "os.posix_spawn", "os.exec", "os.fork", "os.forkpty", "pty.spawn")
_NETWORK = ("socket.__new__", "socket.getaddrinfo", "socket.gethostbyname")
_CHANGES = ("os.mkdir", "os.remove", "os.rmdir", "os.rename", "os.chdir", "os.link", "os.symlink", "os.truncate")
_LISTINGS = ("os.listdir", "os.scandir")


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Keep your code from files, programs, threads and the network, which are not there when your work is graded."""
    refusal: OSError | None = None
    if not _yours:
        return
    if event == "open" and isinstance(arguments[0], str | bytes):
        refusal = _no_file(os.fsdecode(arguments[0]), arguments[2])
    elif event in _LISTINGS and isinstance(arguments[0], str | bytes) and not _is_pythons(os.fsdecode(arguments[0])):
        refusal = PermissionError(errno.EACCES, "none of your folders are there when your work is graded")
    elif event in _CHANGES:
        refusal = PermissionError(errno.EPERM, "no file can be changed when your work is graded")
    elif event in _PROGRAMS:
        refusal = PermissionError(errno.EPERM, "no other program can be started when your work is graded")
    elif event in _NETWORK:
        refusal = PermissionError(errno.EPERM, "there is no network when your work is graded")
    if refusal is not None and _is_for_you(sys._getframe(1)):
        raise refusal


def _no_file(path: str, flags: object) -> OSError | None:
    if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        return PermissionError(errno.EPERM, "no file can be written when your work is graded", path)
    if _is_pythons(path):
        return None
    return FileNotFoundError(errno.ENOENT, "none of your files are there when your work is graded", path)


def _is_pythons(path: str) -> bool:
    """Whether a path lies among Python's or numpy's own files, or is where nothing is read from."""
    real = os.path.realpath(path)
    return real == os.devnull or any(real.startswith(folder + os.sep) for folder in _FOLDERS)


def _is_for_you(frame: types.FrameType | None) -> bool:
    """Whether your code asks, itself or through what it calls; importing a module is no question of yours."""
    while frame and not _is_import(frame):
        if _is_yours(frame):
            return True
        frame = frame.f_back
    return False


def _is_yours(frame: types.FrameType) -> bool:
    return any(frame.f_globals is names for namespaces in _yours for names in namespaces)


def load(
    cells: Sequence[tuple[str, str]], clock: Clock, *, notebook: bool, helpers: Sequence[tuple[str, str]] = ()
) -> tuple[dict[str, Any], list[str]]:
    """Run the code, cell by cell, as it is run when your work is graded.

    It gives what the code defined, by name, and what went wrong, one line each.
    """
    limits = PUBLIC["limits"]
    pace = Pace(
        statement_seconds=limits["margin"] * limits["statement"],
        loading_seconds=limits["margin"] * limits["loading"],
        passing=(KeyboardInterrupt,),
    )
    sys.meta_path[:] = map(_OnlyNumpy, sys.meta_path)
    space = Space("notebook" if notebook else "module", clock, pace, helpers)
    _yours[:] = [space.namespaces]
    notes = [_note(one) for label, source in cells for one in space.run(source, label)]
    return space.names, [*notes, *_out_of_reach(space), *_slow_loading(space)]


def _out_of_reach(space: Space) -> Iterator[str]:
    """Say of what is missing where it is defined after all."""
    for part in PUBLIC["parts"]:
        if part["name"] not in space.names and (place := space.out_of_reach(part["name"])):
            yield f"{place[0]}, line {place[1]}: {part['name']} {OUT_OF_REACH}"


def _slow_loading(space: Space) -> Iterator[str]:
    """Warn of what comes near a limit."""
    limits = PUBLIC["limits"]
    seconds, label, line = space.slowest
    if limits["statement"] / 2 <= seconds < limits["margin"] * limits["statement"]:
        limit = f"the limit for a statement is {limits['statement']:g} s"
        yield f"{label}, line {line}: takes {seconds:.1f} s of CPU time and sleep; {limit}"
    if space.seconds >= limits["loading"] / 2:
        limit = f"the limit is {limits['loading']:g} s"
        yield f"all of it takes {space.seconds:.1f} s of CPU time and sleep to load; {limit}"


def _note(trouble: Trouble) -> str:
    """Say where in which cell, or module of yours, what happened."""
    where = f"{trouble.file}, line {trouble.line}" if trouble.line else trouble.file
    error, module = trouble.error, trouble.module
    if trouble.slow:
        limits = PUBLIC["limits"]
        if trouble.slow == NOT_RUN:
            most = f"{limits['loading']:g} s of CPU time and sleep"
            return f"{where}: not run, since the code before it took more than {most}"
        return (
            f"{where}: took more than {limits['statement']:g} s of CPU time and sleep (or more than what other slow "
            f"code had left of {limits['loading']:g} s) and was stopped, as when your work is graded"
        )
    if error is None:
        return f"{where}: what needs {module} is left out here; {module} is not available when your work is graded"
    absent = f" ({module} is not available when your work is graded)" if module and type(error) is NameError else ""
    return f"{where}: {_words(error)}{absent}"


def _words(error: BaseException) -> str:
    """Name and text of an exception, in one line."""
    if isinstance(error, ModuleNotFoundError) and error.name and not is_taken(error.name):
        error = ModuleNotFoundError(f"{error.name.partition('.')[0]} is not available when your work is graded")
    text = " ".join(str(error.msg if isinstance(error, SyntaxError) else error).split())
    return f"{type(error).__name__}: {text}"[:200] if text else type(error).__name__


# ------------------------------------------------------------------------------------------------------ public cases


def judge(function: object, part: Mapping[str, Any], case: Mapping[str, Any], clock: Clock) -> Judged:
    """Call a function, or None, on one public case and say how its answer stands to the truth."""
    if function is None:
        return Judged("missing: your file defines no function of this name")
    if not callable(function):
        return Judged(f"{part['name']} is {_a(type(function).__name__)}, not a function")
    inputs = {name: decode(value, case["layout"]) for name, value in case["inputs"].items()}
    given = tuple(_inputs_lines(case))
    limits = PUBLIC["limits"]
    # By position, as when your work is graded.
    spell: Spell[Any] = clock.take(limits["margin"] * limits["call"], lambda: function(*inputs.values()))
    if isinstance(spell.error, KeyboardInterrupt):
        raise spell.error
    if spell.over:
        return Judged(f"{TOO_SLOW}: the limit for a call is {limits['call']:g} s of CPU time and sleep", inputs=given)
    if isinstance(spell.error, NotImplementedError):
        return Judged(NOT_WRITTEN)
    if spell.error is not None:
        raised = f"raised {_words(spell.error)}"
        return Judged(faults=(Fault(raised), *map(Fault, _after_star(function, len(inputs)))), inputs=given)
    returned: Any = spell.value
    names = part["outputs"]
    values = _values(returned, names, as_dict=part.get("as_dict", False))
    if isinstance(values, str):
        return Judged(faults=(Fault(values),))
    notes: list[str] = []
    if spell.seconds >= limits["call"] / 2:
        notes.append(
            f"slow: {spell.seconds:.1f} s of CPU time and sleep, and the limit for a call is {limits['call']:g} s"
        )
    wrong: list[Fault] = []
    for name, value in zip(names, values, strict=True):
        truth, (right, near) = np.asarray(decode(case["truths"][name])), case["bounds"][name]
        _compare(name, value, truth, (np.asarray(decode(right)), near), notes=notes, wrong=wrong)
    for name, value in case["inputs"].items():
        before = decode(value, case["layout"])
        if _changed(inputs[name], before):
            wrong.append(_modified(name, before, inputs[name]))
    if wrong:
        return Judged(faults=tuple(wrong), inputs=given)
    return Judged(f"ok ({'; '.join(notes)})" if notes else "ok")


def _values(returned: Any, names: Sequence[str], *, as_dict: bool) -> Sequence[Any] | str:
    """Take apart what a function returned, or say what it should have returned."""
    if as_dict:
        if isinstance(returned, dict) and all(name in returned for name in names):
            return [returned[name] for name in names]
        has = f" with {', '.join(map(repr, list(returned)[:9]))}" if isinstance(returned, dict) else ""
        return f"returns {_kind(returned)}{has}; return a dict with {', '.join(map(repr, names))}"
    if len(names) == 1:
        return [returned]
    if isinstance(returned, tuple | list) and len(returned) == len(names):
        return returned
    return f"returns {_kind(returned)}; return a tuple of {len(names)}: ({', '.join(names)})"


def _modified(name: str, before: Array, after: Array) -> Fault:
    """An input that the function left otherwise than it was."""
    text = f"changes its input {name}; work on a copy"
    if before.size > 36 or after.size > 36:
        return Fault(text)
    was, now = (np.array2string(array, precision=8, separator=", ") for array in (before, after))
    return Fault(f"{text} (before {' '.join(was.split())}, after {' '.join(now.split())})")


def _changed(lent: Any, was: Any) -> bool:
    return isinstance(was, np.ndarray) and (
        (lent.shape, lent.strides, lent.tobytes()) != (was.shape, was.strides, was.tobytes())
    )


def _after_star(function: Callable[..., Any], count: int) -> Iterator[str]:
    if named := after_star(function, count):
        yield f"parameters after * cannot be given by position ({', '.join(named)}); remove the *"


def decode(value: Any, layout: str = "plain") -> Any:
    """Turn a value of `PUBLIC`, a number or an array's type, shape and values, back into what it was."""
    if not isinstance(value, dict):
        return value
    array = np.array(value["values"], dtype=value["dtype"]).reshape(value["shape"])
    if layout == "strided":
        wide = np.zeros(tuple(2 * size for size in array.shape), array.dtype)
        view = wide[(slice(None, None, 2),) * array.ndim]
        view[...] = array
        return view
    array.flags.writeable = layout != "read_only"
    return array


def _a(noun: str) -> str:
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"


def _kind(value: object) -> str:
    """Name what was returned."""
    if value is None:
        return "None (is a return missing?)"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    return _a(type(value).__name__)


def _array(value: object) -> Array | str:
    """Read an answer as numbers, or say why it is not one."""
    if value is None:
        return "is None (is a return missing?)"
    if isinstance(value, np.matrix) or (isinstance(value, np.ndarray) and type(value) is not np.ndarray):
        return f"is a numpy {type(value).__name__}; return a plain array"
    if not isinstance(value, np.ndarray | np.generic | list | tuple | int | float | complex | str):
        return f"is {_a(type(value).__name__)}; return a numpy array"
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return "is a list with rows of different lengths; return an array"
    if array.dtype.kind not in "fiu" or array.dtype == np.float16:
        return f"holds {array.dtype.name} values; return float64"
    return array


def _compare(
    name: str, value: object, truth: Array, bounds: tuple[Array, float], *, notes: list[str], wrong: list[Fault]
) -> None:
    """Add to the remarks or to the faults; the bounds are how far right and nearly right elements may be off."""
    actual = _array(value)
    if isinstance(actual, str):
        wrong.append(Fault(f"{name} {actual}"))
        return
    layouts: dict[tuple[int, ...], str] = (
        {(truth.size, 1): "a column", (1, truth.size): "a row"} if truth.ndim == 1 else {}
    )
    if truth.shape == (1,):
        layouts[()] = "a number"
    if actual.shape in layouts:
        notes.append(f"{name} is {layouts[actual.shape]} of shape {actual.shape}, accepted as {truth.shape}")
        actual = actual.reshape(truth.shape)
    if actual.shape != truth.shape:
        wrong.append(Fault(f"{name} has shape {actual.shape}, expected {truth.shape}", name, actual, truth))
        return
    actual = actual.astype(float) if actual.dtype.kind in "iu" else actual
    distance = np.abs(actual - truth)
    off = ~(distance <= bounds[0])
    if not np.isfinite(actual).all():
        wrong.append(Fault(f"{name} has nan or inf in it", name, actual, truth, off))
    elif off.any():
        place = np.unravel_index(int((distance - bounds[0]).argmax()), truth.shape)
        spot = f"[{', '.join(str(int(index)) for index in place)}]" if truth.ndim else ""
        hint = " (nearly: an approximation, or float32?)" if distance.max() <= bounds[1] else ""
        mine, other = _told_apart(float(actual[place]), float(truth[place]))
        text = f"{name}{spot} is {mine}, expected {other}{hint}"
        wrong.append(Fault(text, name, actual, truth, off))
    elif actual.dtype == np.float32:
        wrong.append(Fault(f"{name} is float32, too coarse to earn full points; compute in float64"))


def _told_apart(one: float, other: float) -> tuple[str, str]:
    """Write two numbers with six digits, or as many more as show that they differ."""
    for digits in range(6, 17):
        first, second = (repr(float(f"{number:.{digits}g}")) for number in (one, other))
        if first != second:
            return first, second
    return repr(one), repr(other)


def _array_lines(label: str, array: Any) -> list[str]:
    first, *others = np.array2string(np.asarray(array), precision=8, separator=", ").splitlines()
    return [f"{label} {first}", *(" " * (len(label) + 1) + line for line in others)]


def _inputs_lines(case: Mapping[str, Any]) -> Iterator[str]:
    for name, value in case["inputs"].items():
        if isinstance(value, dict):
            yield from _array_lines(f"  {name} =", decode(value))
        else:
            yield f"  {name} = {float(f'{value:.8g}') if isinstance(value, float) else value!r}"


# --------------------------------------------------------------------------------------------------- gradient checks


def _gradient_text(question: Mapping[str, Any], functions: Mapping[str, Any]) -> str:
    """What to put behind a question's colon: ``ok``, or the complaints."""
    ours = {name: functions[name] for name in question["parts"] if name in functions}
    missing = [name for name in question["parts"] if name not in functions]
    if not ours:
        return " not run: there is nothing to call yet, or it is too slow"
    complaints, _ = _gradients(question, ours)
    if complaints:
        return "".join(f"\n    {complaint}" for complaint in complaints)
    return f" ok, but not compared: {', '.join(missing)}" if missing else " ok"


def _gradients(
    question: Mapping[str, Any], functions: Mapping[str, Any], only: str = ""
) -> tuple[list[str], list[Comparison]]:
    """Compare a question's functions with finite differences, on its public inputs, or on those of one function.

    Complaints and numbers are of the first case that gives a complaint, else of the first case.
    """
    check = GRADIENT_CHECKS[question["id"]]
    first: list[Comparison] | None = None
    for part in PUBLIC["parts"]:
        for case in part["cases"] if part["name"] in functions and only in ("", part["name"]) else ():
            inputs = {name: decode(value) for name, value in case["inputs"].items()}
            comparisons: list[Comparison] = []
            more = [comparisons] if len(inspect.signature(check).parameters) > 2 else []
            try:
                complaints = check(functions, inputs, *more)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                complaints = [f"they cannot be compared: {_words(error)}"]
            if complaints:
                return complaints, comparisons
            first = comparisons if first is None else first
    return [], first or []


# What follows up to the last two lines belongs to the homework.
# DATA BEGIN
# DATA END

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
