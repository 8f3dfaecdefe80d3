"""The words of ours that a student reads about a criterion, and about a file that did not load whole."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from autograder.model import Criterion, Limits, Part
from autograder.results import VERSIONS, LoadNote, Score
from autograder.results import found as kinds
from autograder.wire.notes import OUT_OF_REACH
from autograder.words import OVERRUNS, Overrun, Status

_MARKED_OR_WORD = re.compile(r"`[^`]*`|\$[^$]*\$|\w+")
EARNING: frozenset[Status] = frozenset({"passed", "approx"})

SENTENCES: Mapping[Status, str] = {
    "unreadable": "The file could not be read, so nothing was run.",
    "missing": "There is no function `{part}` in the submission.",
    "forbidden": "`{part}` was stopped: it tried something that no submission may do. The network, files, and other "
    "processes and threads are off limits, and so is the grader itself.",
    "crashed": "`{part}` ended the Python process that it ran in.",
    "out_of_memory": "`{part}` needed more memory than a submission gets.",
    "timed_out": "`{part}` did not finish in time.",
    "output_limit": "`{part}` returned far more data than was asked for.",
    "raised": "`{part}` raised an exception.",
    "mutated": "`{part}` modified its input arrays in place. Work on copies: the caller still needs the originals.",
    "wrong": "`{output}` is not right.",
    "approx": "`{output}` is close, but not right to double precision. Finite differences, a small number added "
    "to a denominator, clipping, or float32 can be the cause. It earns part of the points.",
    "passed": "Right on all hidden cases.",
}
"""What is said of a criterion, by its status."""

SLOW: Mapping[Overrun, str] = {
    "call": "`{part}` needed more than {limits.cpu_seconds_per_call:g} s of CPU time and sleep for one call.",
    "function": "`{part}` needed more than {limits.cpu_seconds_per_function:g} s of CPU time and sleep for all "
    "hidden calls together.",
    "loading": "The code did not load in the time it has ({limits.cpu_seconds_to_load:g} s of CPU time and sleep), so "
    "`{part}` was not called.",
    "waiting": "`{part}` waited for something that never came, and was stopped.",
}
"""What is said instead of `timed_out`, by which time was over."""

NEAR = "It is one change away from the right formula, and earns part of the points."
NOT_WRITTEN = "`{part}` is not written yet: it raises NotImplementedError."


HERE = f"your work is graded with {VERSIONS}"


def feedback(part: Part, criterion: Criterion, score: Score, overruns: Collection[Overrun], limits: Limits) -> str:
    """Say what a student may know of one criterion, in a few sentences of Markdown.

    Of the hidden verdicts the status and one family's title are used; overruns are those of hidden cases that count.
    """
    status = score.status
    if score.not_written:
        return NOT_WRITTEN.format(part=part.name)
    said = SENTENCES[status]
    if status == "timed_out" and overruns:
        said = SLOW[min(overruns, key=OVERRUNS.index)]
    sentences = [said.format(part=part.name, output=criterion.output, limits=limits)]
    if status == "wrong" and score.earned:
        sentences.append(NEAR)
    if score.misconception is not None:
        sentences.append(hint(part, criterion.output, score.misconception))
    if status == "raised" and any(v.exception == "AttributeError" for v in score.verdicts if not v.hidden):
        sentences.append(f"On a public case it was an AttributeError; {HERE}.")
    hidden = [verdict for verdict in score.verdicts if verdict.hidden]
    if status != "passed" and any(verdict.status != status for verdict in hidden):
        failed = {verdict.family for verdict in hidden if verdict.status == status}
        # One kind of case: a function that knows its inputs could spell them out in the choice of several.
        sentences.append(f"Seen on: {next(family.title for family in part.families if family.name in failed)}.")
    if status in EARNING and score.relaid:
        sentences.append("Your vector came as a row or a column, which is accepted; a plain 1-D vector is simpler.")
    return " ".join(sentences)


def hint(part: Part, output: str, name: str) -> str:
    """Say what a mistake is: in its author's words, or in ours where nobody listed it."""
    known = next((one.hint for one in part.misconceptions if one.name == name), None)
    return kinds.sentence(name, output) if known is None else _marked(known, part)


def _marked(words: str, part: Part) -> str:
    """Mark names that only code has (with an underscore) as every other sentence does, where the author did not."""
    names = {name for name in (*part.parameters, *(output.name for output in part.outputs)) if "_" in name}
    return _MARKED_OR_WORD.sub(lambda found: f"`{found[0]}`" if found[0] in names else found[0], words)


def loading(notes: Iterable[LoadNote], limits: Limits) -> tuple[str, ...]:
    """Say what went wrong while a submission's own code was loaded, each in one line of Markdown.

    The same thing in one cell or file is said once, with its lines.
    """
    alike: dict[tuple[str, str], list[str]] = {}
    for note in notes:
        lines = alike.setdefault((note.label, _trouble(note, limits)), [])
        if note.line and str(note.line) not in lines:
            lines.append(str(note.line))
    return tuple(f"{_place(label, lines)}: {words}" for (label, words), lines in alike.items())


def _place(label: str, lines: Sequence[str]) -> str:
    *others, last = lines or [""]
    if not others:
        return f"{label}, line {last}" if last else label
    return f"{label}, lines {', '.join(others)}{',' if len(others) > 1 else ''} and {last}"


def _trouble(note: LoadNote, limits: Limits) -> str:
    if note.module and note.error == "TypeError":
        return f"`{note.module}` is called by position, so no parameter may come after a *. Remove the *."
    if note.module and note.error == "UnboundLocalError":
        return f"`{note.module}` {OUT_OF_REACH}"
    if note.module and note.error == "NameError":
        return f"what needs `{note.module}`, which is not available here, was left out. The rest was run."
    if note.module:
        return (
            f"`{note.module}` cannot be imported here (numpy and the standard library are available). "
            "The rest of the code was run."
        )
    if note.error in {"SyntaxError", "IndentationError", "TabError"}:
        return f"{note.error}: this code could not be read and was left out; {HERE}."
    if note.error in {"AttributeError", "ImportError"}:
        return f"{note.error} while your code was loaded; {HERE}. The rest of the code was run."
    if note.error == "SystemExit":
        return "your code ended itself there; what was defined before was kept."
    if note.error == "timed_out":
        return (
            f"this took more than {limits.cpu_seconds_per_statement:g} s of CPU time and sleep (or more than what "
            f"other slow code had left of {limits.cpu_seconds_to_load:g} s) and was stopped. The rest of the code "
            "was run."
        )
    if note.error == "not_run":
        seconds = limits.cpu_seconds_to_load
        return f"not run, because the code before it took more than {seconds:g} s of CPU time and sleep."
    return f"{note.error} while your code was loaded. The rest of the code was run."
