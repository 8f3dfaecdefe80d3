"""Texts: prompts, examples, what the reference leans on, definitions."""

import contextlib
import doctest
import inspect
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autograder.lint.pages import SECRETS, Complaint, Page
from autograder.loading import part_reference
from autograder.model import Part

_CLOSING = "\"'),. "


def check(page: Page) -> Iterator[Complaint]:
    """Look at the question's prompt, and at its references as texts."""
    yield from gaps(f"{page.file.parent.name}/{page.file.name}", page.text)
    yield from _prompt(page)
    for part in page.question.parts:
        if f"`{part.name}(" not in page.question.prompt:
            signature = f"{part.name}({', '.join(part.parameters)})"
            yield page.complaint("prompt", f"it does not name `{signature}`; say what is to be written", "PROMPT")
        yield from _example(page, part)
        yield from _alone(page, part)


def gaps(file: str, text: str) -> Iterator[Complaint]:
    """Name what a page still says TODO of."""
    for line, words in enumerate(text.splitlines(), start=1):
        if gap := re.search(r"\bTODO\b:?\s*(.*)", words):
            yield Complaint(file=file, line=line, rule="gap", text=f"TODO {_unclosed(gap[1])}; write it")


def _unclosed(words: str) -> str:
    """Leave out what closes the code around a gap's words, and nothing that they opened themselves."""
    while words and words[-1] in _CLOSING:
        last = '"""' if words.endswith('"""') else words[-1]
        if last == ")" and words.count("(") >= words.count(")"):
            break
        if last[0] in "'\"" and words.count(last) % 2 == 0:
            break
        words = words.removesuffix(last)
    return words


def _prompt(page: Page) -> Iterator[Complaint]:
    prompt = page.question.prompt
    if not prompt.strip():
        yield page.complaint("prompt", "it is empty; say what is asked", "PROMPT", "prompt")
    if len(re.findall(r"(?<!\\)\$", prompt)) % 2:
        yield page.complaint("prompt", "a $ has no partner; formulas stand between two", "PROMPT", "prompt")
    elif page.typeset is not None and (said := page.typeset(prompt)):
        yield page.complaint("prompt", f"LaTeX cannot set it: {said}", *_last_words(said), "PROMPT", "prompt")


def _last_words(said: str) -> list[str]:
    """Commands that a complaint of TeX's names, the last first."""
    return [match[0] for match in re.finditer(r"\\[A-Za-z]+", said)][::-1]


def _example(page: Page, part: Part) -> Iterator[Complaint]:
    text = inspect.getdoc(part.reference) or ""
    names: dict[str, Any] = {"np": np, part.name: part.reference}
    example = doctest.DocTestParser().get_doctest(text, names, part.name, None, 0)
    if not example.examples:
        yield page.complaint(
            "example", f"the docstring of {part.name} has none; work one by hand under Examples, after '>>>'", part.name
        )
        return
    for one in example.examples:
        got = _ran(one, example.globs)
        if not doctest.OutputChecker().check_output(one.want, got, 0):
            code = one.source.strip()
            told = f"{code} is {got.strip() or 'nothing'}, the docstring says {one.want.strip()}; correct one"
            yield page.complaint("example", told, code)
    for section in ("Parameters", "Returns"):
        if not re.search(rf"^{section}\n-+$", text, re.MULTILINE):
            told = f"that of {part.name} has no {section}; it becomes the stub, so say names and shapes"
            yield page.complaint("docstring", told, part.name)


def _ran(one: doctest.Example, names: dict[str, Any]) -> str:
    """What an example prints, as at a prompt."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(one.source, "<example>", "single"), names)  # noqa: S102 - the author's own code
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return printed.getvalue()


def _alone(page: Page, part: Part) -> Iterator[Complaint]:
    """Run the reference as the stub will be: alone with numpy; its inputs stay as they came."""
    case = next((case for case in page.sheet(part, SECRETS[0]).drawn if not case.hidden), None)
    if case is None:
        return
    names: dict[str, Any] = {}
    given: Mapping[str, Any] = {
        name: value.copy() if isinstance(value, np.ndarray) else value for name, value in case.inputs.items()
    }
    try:
        exec(part_reference(part), names)  # noqa: S102 - the author's own code, as the canary runs it
        names[part.name](**given)
    except Exception as error:
        text = (
            f"alone, with numpy as np, {part.name} fails with {type(error).__name__}: {error}; let it need nothing else"
        )
        yield page.complaint("reference", text, part.name)
        return
    for name, value in case.inputs.items():
        if not np.array_equal(given[name], value):
            yield page.complaint(
                "reference", f"{part.name} changes its input {name!r} on {case.id}; let it work on a copy", part.name
            )
