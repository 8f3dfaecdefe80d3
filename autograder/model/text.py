"""Derivations, notation and definitions as an author writes them: text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.errors import AssignmentError
from autograder.model.derivation import Definition, Derivation, Setting, Step, Symbol

_HEAD = re.compile(r"(?P<level>##?)(?P<boxed>!?)\s+(?P<title>.+)")
_SAID = re.compile(r"%\s*(?P<what>for|assume|remark|in words|column|symbol):\s*(?P<text>.+)")
_REASON = re.compile(r"(?<!\\)%")
_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
_SPACE = re.compile(r"(?<!\\)\\[,;:! ]|~")
_APART = re.compile(r"\\q?quad(?![A-Za-z])")
_BRACED = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
_SLOPE = re.compile(rf"\\pdv{_BRACED}{_BRACED}")
_COMMAND = re.compile(rf"^[ \t]*\\newcommand\{{?(\\[A-Za-z]+)\}}?{_BRACED}[ \t]*$", re.MULTILINE)
_HOW = "write '= SIDE  % rule: reason' on lines below '# Title' and a left side"


@dataclass(kw_only=True)
class _Chain:
    """A derivation while it is read."""

    title: str
    general: bool
    result: bool
    left: str = ""
    steps: list[Step] = field(default_factory=list)
    said: dict[str, list[str]] = field(default_factory=dict)
    open: str = ""  #: A side whose reason has not come yet.

    def made(self) -> Derivation:
        """The record."""
        if not self.left or not self.steps or self.open:
            what = f"no reason after {self.open!r}" if self.open else "no equality"
            raise AssignmentError(f"derivation {self.title!r}: {what}; {_HOW}")
        said = {what: tuple(texts) for what, texts in self.said.items()}
        return Derivation(
            title=self.title,
            left=self.left,
            steps=tuple(self.steps),
            condition=" ".join(said.get("for", ())),
            assumes=said.get("assume", ()),
            remarks=said.get("remark", ()),
            result=self.result,
            in_words=" ".join(said.get("in words", ())),
            columns=said.get("column", ()),
            general=self.general,
            symbols=dict(map(_symbol, said.get("symbol", ()))),
        )


def derivations(text: str) -> tuple[Derivation, ...]:
    r"""Read derivations.

    Parameters
    ----------
    text
        For each a heading and a chain of equalities, each with its rule and the reason::

            # The slope of the square
            \pdv{y_i}{x_i}
            = 2 x_i  % differentiation: the power comes down.

        ``#!`` boxes the last side as a result; ``##`` (or ``##!``) goes beyond the homework's own lines. A side may
        take several lines, the next beginning with ``=``; a reason ends with its line, or goes on below after ``%``.
        Below a heading may stand ``% for: i \neq j``, ``% assume: ...``, ``% remark: ...``, ``% in words: ...``,
        ``% column: b`` and ``% symbol: c`` (or ``c: n``, with its dimensions); see `Derivation`. ``\pdv{a}{b}`` is
        short for ``\frac{\partial a}{\partial b}``; ``\newcommand{\total}{...}``, on a line of its own and without
        arguments, makes more such words.
    """
    chains: list[_Chain] = []
    going_on: list[str] | None = None
    for number, line in enumerate(map(str.strip, _expanded(text).splitlines()), start=1):
        head, said = _HEAD.fullmatch(line), _SAID.fullmatch(line)
        if not line:
            going_on = None
        elif head:
            general = head["level"] == "##"
            chains.append(_Chain(title=head["title"], general=general, result=bool(head["boxed"])))
        elif not chains:
            raise AssignmentError(f"derivations, line {number}: {line!r} stands below no heading; {_HOW}")
        elif said:
            going_on = chains[-1].said.setdefault(said["what"], [])
            going_on.append(said["text"])
        elif line.startswith("%") and not chains[-1].open:
            _go_on(chains[-1], going_on, line.lstrip("% "), number)
        else:
            going_on = None
            _side(chains[-1], line, number)
    return tuple(chain.made() for chain in chains)


def _expanded(text: str) -> str:
    """Write derivatives out, and what the author made short."""
    short = dict(_COMMAND.findall(text))
    text = _COMMAND.sub("", text)
    for command, body in reversed(short.items()):
        text = re.sub(rf"{re.escape(command)}(?![A-Za-z])", lambda _: body, text)  # noqa: B023 - called at once
    return _SLOPE.sub(r"\\frac{\\partial \1}{\\partial \2}", text)


def _go_on(chain: _Chain, said: list[str] | None, words: str, number: int) -> None:
    """Add to what was said on the line above."""
    if said:
        said[-1] += f" {words}"
    elif chain.steps and not chain.open:
        chain.steps[-1] = replace(chain.steps[-1], reason=f"{chain.steps[-1].reason} {words}")
    else:
        raise AssignmentError(f"derivations, line {number}: {words!r} belongs to no line above; {_HOW}")


def _side(chain: _Chain, line: str, number: int) -> None:
    """Take a line of a chain in."""
    latex, *reason = _REASON.split(line, maxsplit=1)
    if latex.startswith("="):
        if chain.open or not chain.left:
            missing = "a left side" if not chain.left else f"a reason for {chain.open!r}"
            raise AssignmentError(f"derivations, line {number}: {missing} is missing before {line!r}; {_HOW}")
        chain.open = latex[1:].strip()
    elif chain.open:
        chain.open = f"{chain.open} {latex.strip()}"
    elif chain.steps:
        raise AssignmentError(f"derivations, line {number}: {line!r} follows a reason; begin the next side with '='")
    else:
        chain.left = f"{chain.left} {latex.strip()}".strip()
    if reason:
        if not chain.open:
            raise AssignmentError(f"derivations, line {number}: the left side needs no reason; {_HOW}")
        chain.steps.append(_step(chain.open, reason[0].strip(), number))
        chain.open = ""


def _step(latex: str, reason: str, number: int) -> Step:
    """The rule is what stands before the colon, or else the first word."""
    rule, colon, _ = reason.partition(":")
    rule = rule if colon else reason.split(" ", maxsplit=1)[0]
    if not rule:
        raise AssignmentError(f"derivations, line {number}: no rule; {_HOW}")
    return Step(latex=latex, rule=rule.lower(), reason=reason[0].upper() + reason[1:])


def _symbol(text: str) -> tuple[str, tuple[str, ...]]:
    name, _, dimensions = text.partition(":")
    return name.strip(), tuple(dimensions.split())


def notation(text: str) -> tuple[Symbol, ...]:
    """Read a table of notation.

    Parameters
    ----------
    text
        A line for each symbol: LaTeX, its meaning, its shape on paper and what it is in code, with ``" | "`` between
        them; the last two may be left out or empty. A line that ends in a backslash goes on below.
    """
    symbols = []
    for line in filter(None, map(str.strip, re.sub(r"\s*\\\n\s*", " ", _expanded(text)).splitlines())):
        latex, *rest = map(str.strip, re.split(r"\s\|(?!\S)", line))
        if not 1 <= len(rest) <= 3:
            raise AssignmentError(f"notation {line!r}: write 'LATEX | meaning | shape | code', the last two if any")
        meaning, shape, code = (*rest, "", "")[:3]
        symbols.append(Symbol(latex=latex, meaning=meaning, shape=shape, code=code))
    return tuple(symbols)


def setting(
    prompt: str,
    symbols: Mapping[str, str] | None = None,
    *,
    defines: Mapping[str, str] | None = None,
    functions: Mapping[str, str] | None = None,
    sizes: Sequence[Mapping[str, int]] = (),
    written_out: Mapping[str, int] | None = None,
    rows: tuple[str, ...] = (),
    spoken: Mapping[str, str] | None = None,
    also: Setting | None = None,
) -> Setting:
    r"""Say what a question's symbols stand for; definitions are read from the prompt.

    Parameters
    ----------
    prompt
        The question's.
    symbols
        Independent symbols and the names of their dimensions: ``{"A": "m n", "u": "n", "rate": ""}``.
    defines
        What the prompt defines, by the left side as it stands there (``"v_i"``, ``r"\mathbf{v}"``), and its dimensions.
    functions
        Arbitrary differentiable functions, and what each depends on.
    sizes
        Values of the dimensions at which equalities are decided; the one that reads best first.
    written_out
        The size at which lines with components written out are decided.
    rows
        Vectors by which a gradient is laid out as a row.
    spoken
        Words that students use for a definition, as ``{"logistic": "s"}``.
    also
        An earlier question's, all of which holds here too.
    """
    base = also or Setting(symbols={}, definitions=(), sizes=())
    known = {**base.functions, **(functions or {})}
    found = tuple(_definition(prompt, left, shape, known) for left, shape in (defines or {}).items())
    return Setting(
        symbols={**base.symbols, **{name: tuple(shape.split()) for name, shape in (symbols or {}).items()}},
        functions=known,
        definitions=(*base.definitions, *found),
        sizes=tuple(sizes) or base.sizes,
        written_out=written_out or base.written_out,
        rows=rows or base.rows,
        spoken={**base.spoken, **(spoken or {})},
    )


def _definition(prompt: str, left: str, shape: str, functions: Mapping[str, str]) -> Definition:
    """Find a definition among the prompt's formulas; a function may be applied there to what it depends on."""
    applied = "|".join(re.escape(rf"(\mathbf{{{of}}})") + "|" + re.escape(f"({of})") for of in functions.values())
    sought = "".join(left.split())
    for formula in formulas_of(prompt):
        side, equals, right = formula.partition("=")
        if applied:
            side, right = re.sub(applied, "", side), re.sub(applied, "", right)
        if equals and "".join(side.split()) == sought:
            text = " ".join(_SPACE.sub(" ", right).split()).rstrip(".,;")
            return Definition(left=left, right=text, shape=tuple(shape.split()))
    raise AssignmentError(f"setting: no formula of the prompt begins with '{left} ='; write ${left} = ...$ there")


def formulas_of(prompt: str) -> Iterator[str]:
    r"""Find a prompt's formulas: several may share a display, with ``\quad`` or ``\qquad`` between them."""
    for display, inline in _FORMULA.findall(prompt):
        formula = ""
        for piece in _APART.split(display or inline):
            formula += piece
            if formula.count(r"\begin{") == formula.count(r"\end{"):
                yield formula
                formula = ""
        yield formula
