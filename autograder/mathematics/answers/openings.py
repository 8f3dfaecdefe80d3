"""What opens something in a document: a formula, a heading, code, what is struck out."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from autograder.words import Format

LONGEST_STRUCK = 2_000
"""Characters of what is struck out."""
_DISPLAYS = (
    "equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math|dmath|dgroup|IEEEeqnarray|empheq|xalignat"
    "|darray|aligned|split|gathered"
)
_OPENING = re.compile(
    r"\\\\[(\[]|\\\\|\\\$|```[ \t]*\{?(?P<fence>[\w-]{0,20})\}?|~~~|<!--|~~|<del>|<s>|<strike>|\$\$|\$`|\\\[|\\\(|\$"
    r"|\x02|\\begin\{(?P<env>" + _DISPLAYS + r")(?P<star>\*?)\}"
    r"|^(?: {0,3}(?:>[ \t>]*)?#{1,6}[ \t]+(?P<hash>[^\n]*)|[ \t>]*\*\*(?P<bold>[^*\n$]{1,80})\*\*[ \t.:]*$"
    r"|\*\*(?P<run>(?:[Qq]uestion|[Pp]roblem|[Ee]xercise|Q)[ \t.]{0,2}\d[^*\n$=]{0,40}"
    r"|\d{1,2}(?:\.\d)?[ .]?\(?[a-z]?\)?[.:]?)\*\*)"
    r"|\\(?:(?:sub)*section|(?:sub)?paragraph|part|textbf)\*?[ \t]*\{(?P<section>[^{}\n]{0,120})\}"
    r"|^[ \t]*(?P<alone>\(?\d{1,2}[.)]?\s?\(?[a-z]?\)?[.):]?)[ \t]*$"
    r"|\\[A-Za-z]{3,16}\*?[ \t]*\{(?P<named>(?:[Qq]uestion|[Pp]roblem|[Ee]xercise)[ \t.~]{1,3}\d[^{}\n]{0,60})\}"
    r"|\\item\[(?P<item>[^\]\n]{0,40})\]"
    r"|^[ \t]*(?P<letter>\([a-z]\)|[a-z]\)|\(?\d{1,2}[.]?\(?[a-z]\)|\d{1,2}[.]?[a-z][.:])(?=\s)"
    r"|^[ \t]*(?P<line>(?:[Qq]uestion|[Pp]roblem|[Ee]xercise|Q)[ \t.]{0,3}\d[^\n$=\\∂]{0,60})$",
    re.MULTILINE,
)
HEADINGS = ("hash", "bold", "section", "item", "letter", "line", "run", "alone", "named")
_CLOSING = {
    "~~~": "~~~", "<!--": "-->", "~~": "~~", "<del>": "</del>", "<s>": "</s>", "<strike>": "</strike>",
    r"\\(": r"\\)", r"\\[": r"\\]", "$$": "$$", r"\[": r"\]", r"\(": r"\)", "$": "$", "$`": "`$",
}  # fmt: skip
_NO_BREAK = re.compile(r"[^\n]")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_QUOTED = re.compile(r"(?<=\n)[ \t]{0,8}>[> \t]{0,8}")
_DIRECTIVE = re.compile(r"^(```+|:::+) ?\{(?!math|code|eval|python|r\})[\w:.-]{1,30}[^\n]{0,80}$", re.MULTILINE)
_SIGNS = str.maketrans(dict.fromkeys("＝≝⩵", "="))
_HIDDEN = ((r"\begin{comment}", r"\end{comment}"), (r"\iffalse", r"\fi"), (r"\if0", r"\fi"))
"""Between which what is typeset nowhere stands."""
_STRUCK_OUT = re.compile(r"\\(?:sout|st)\s?\{")
_MOST_STRUCK = 200
"""Places where something is struck out."""
_ROWS_IN_CODE = re.compile(
    r"(?<!\[)\[\[[^\[\]$\\=]{1,200}\](?:,?[ \t]{0,40}\n?[ \t]{0,40}\[[^\[\]$\\=]{1,200}\]){0,8}"
    r"[ \t]{0,40}\n?[ \t]{0,40}\]"
)
"""A matrix as code writes it, over several lines."""
MATH_FENCES = {"math", "latex", "tex", "katex"}
CODE_FENCES = {"python", "py", "python3", "ipython", "numpy", "pytorch"}
PLAIN_FENCES = {"", "text", "txt"}
_ARGUED = {"alignat", "xalignat", "IEEEeqnarray", "empheq", "darray"}
_ARGUMENT = re.compile(r"\s*\{[^{}\n]{0,60}\}")
_STRUCK = {"~~", "<del>", "<s>", "<strike>"}
NO_FORMULA = {"~~~", "<!--", *_STRUCK}
INLINE = {"$", r"\(", "$`", r"\\("}


def without_comments(text: str) -> str:
    """Blank LaTeX comments out, so that every place stays what it is."""
    return _COMMENT.sub(lambda found: " " * len(found[0]), text)


def prepared(text: str, form: Format) -> str:
    """Blank out what is no text: comments, marks of quotations and of boxes; every place stays what it is."""
    if form == "latex":
        text = without_comments(text)
    text = text.translate(_SIGNS)
    for opening, closing in _HIDDEN:
        text = without(text, opening, closing)
    struck = islice(_STRUCK_OUT.finditer(text), _MOST_STRUCK)
    text = _blanked(text, [(found.start(), _closed(text, found.end())) for found in struck])
    if ">" in text:
        text = _QUOTED.sub(lambda found: " " * len(found[0]), text)
    if "[[" in text:
        # What stands behind it stays where it is.
        text = _ROWS_IN_CODE.sub(lambda found: " ".join(found[0].split()).ljust(len(found[0])), text)
    return _without_directives(text)


def without(text: str, opening: str, closing: str) -> str:
    """Blank out what stands between two marks, so that every place stays what it is."""
    return _blanked(text, list(_between(text, opening, closing))) if opening in text else text


def _between(text: str, opening: str, closing: str) -> Iterator[tuple[int, int]]:
    """Where something stands between two marks, with them; what is not closed is text."""
    at = 0
    while (begin := text.find(opening, at)) >= 0 and (end := text.find(closing, begin)) >= 0:
        at = end + len(closing)
        yield begin, at


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """A text with spaces in some places, its lines what they were."""
    pieces: list[str] = []
    at = 0
    for begin, end in spans:
        if begin >= at:
            pieces += [text[at:begin], _NO_BREAK.sub(" ", text[begin:end])]
            at = end
    return "".join([*pieces, text[at:]])


def _closed(text: str, at: int) -> int:
    """Where the group ends in which a place stands; right there where it does not end close by."""
    level = 1
    for end in range(at, min(len(text), at + LONGEST_STRUCK)):
        level += (text[end] == "{") - (text[end] == "}")
        if not level:
            return end + 1
    return at


def _without_directives(text: str) -> str:
    """Blank out the marks around what MyST or Quarto sets in a box: what stands inside is text like any."""
    at = 0
    while (found := _DIRECTIVE.search(text, at)) and (end := text.find(f"\n{found[1]}", found.end())) >= 0:
        stop = end + 1 + len(found[1])
        inside = text[found.end() : end]
        text = f"{text[: found.start()]}{' ' * len(found[0])}{inside}\n{' ' * len(found[1])}{text[stop:]}"
        at = found.end()
    return text


def begin_of(found: re.Match[str], inner: str) -> int:
    """Where a formula begins behind its opening: some environments have an argument."""
    argued = _ARGUMENT.match(inner) if found["env"] in _ARGUED else None
    return argued.end() if argued else 0


def openings(text: str, missing: set[str]) -> Iterator[tuple[re.Match[str], str, int]]:
    """What may open something, what closes it (nothing where it stays open), and where."""
    at = 0
    while found := _OPENING.search(text, at):
        at = found.end()
        closing = _CLOSING.get(found[0], "")
        if found["env"]:
            closing = rf"\end{{{found['env']}{found['star']}}}"
        elif found["fence"] is not None:
            closing = "```"
        for name in ("hash", "section", "item", "bold"):
            if found[name] and ("$" in found[name] or r"\(" in found[name]):
                at = found.start(name)
        end = -1
        if closing and closing not in missing:
            struck = found[0] in _STRUCK
            end = text.find(closing, found.end(), found.end() + LONGEST_STRUCK if struck else len(text))
            if struck and "\n\n" in text[found.end() : max(end, 0)]:
                # What is struck out ends with its paragraph.
                end = -1
            if end >= 0:
                at = end + len(closing)
            elif not struck:
                missing.add(closing)
        yield found, closing if end >= 0 else "", end
