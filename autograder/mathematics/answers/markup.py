"""What a text says by other marks than TeX's: HTML's, reStructuredText's, brackets for entries, frames."""

import html
import re

from autograder.mathematics.answers.prose import digits_of

_TAGS = re.compile(r"<(sub|sup)>([^<>\n]{1,60})</\1>")
_MOST_NESTED = 3
_LETTER = re.compile(r"\\?\w{1,3}")
_SIGN = {"sub": "_", "sup": "^"}
_OTHER_TAGS = re.compile(r"</?(?:span|font|b|i|em|strong|p|div)(?: [^<>\n]{0,80})?>|<br ?/?>|&nbsp;")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,5});")
_SCRIPT = re.compile(r"<script type=[\"']math/tex(?P<display>; ?mode=display)?[\"']>(?P<latex>[^<]{0,4000})</script>")
_ROLE = re.compile(r":math:`([^`]{1,400})`")
_DIRECTIVE = re.compile(
    r"^(?P<before>[ \t]{0,20})\.\. math::[ \t]?(?P<first>[^\n]{0,400})\n"
    r"(?:(?P=before)[ \t]{1,8}:[a-z]{1,12}:[^\n]{0,80}\n)?"
    r"(?P<rest>(?:[ \t]*\n|(?P=before)[ \t]{1,20}[^\s][^\n]*\n?){0,80})",
    re.MULTILINE,
)
"""A formula of reStructuredText: what is indented below it belongs to it."""
_PARAGRAPH = re.compile(r"(?<=\S)(\n[ \t]*)(?=\n[ \t]*\S)")
_VALUED = re.compile(r"\\(?:partial|delta)(?![A-Za-z])|\\frac\s?\{d")
_NEAR = 160
_TOLD = re.compile(r"[$]([^$]{1,80})[$] (?:is|equals|vanishes)\b")
_VALUE = re.compile(
    r"(?P<before>[$)][ \n](?:is|equals|vanishes|is equal to) |(?:,| and|;|,? or) (?:is |it is |equals )?)"
    r"(?P<value>zero|one|-?\d)"
    r"(?=,? (?:otherwise|else|(?:if|when|whenever|unless|for) [$][^$]{1,12}(?:=|\\ne|≠)[^$]{1,12}[$]))"
)
"""A value in words of what stands before them, in a case."""
_FRAMES = re.compile("[\u2500-\u257f]")
_ENTRY = re.compile(r"(?<![A-Za-z\\])([A-Za-z])('?)\[([a-z0-9])\](?!\()")
_ENTRY_OF_A_CALL = re.compile(r"(?<![A-Za-z\\])([A-Za-z])('?)(\([a-z]\))\[([a-z0-9])\](?!\()")
_RANGE = re.compile(r"(?<=\)) {1,3}\([a-z] {0,2}= {0,2}[01] {0,2}(?:to|\.{2,3}|…|,(?: ?\.{3},| ?…,)) {0,2}[A-Za-z]\)")
"""Over what a sum runs, behind it in a line without marks."""
_CASE = r"\s{0,3}[A-Za-z]\s{0,3}(?:=|\\neq?(?![a-z])|≠)\s{0,3}[A-Za-z]"
_POINTED = re.compile(rf"(?:(?<![$])[$]|(?<=[A-Za-z] )[$]{{2}})({_CASE})\s{{0,3}}([:.,;]?)\s{{0,3}}[$]{{1,2}}")
"""A case among words, perhaps with what ends these between its own marks."""
_IN_WORDS = re.compile(r"\\text(?:rm)?\{[^{}$\n]{0,60}[$][^{}\n]{0,60}\}")


def plain(text: str) -> str:
    """Write a text as TeX or a line without marks would say it; each line stays where it is."""
    text = _SCRIPT.sub(_typeset, text) if "math/tex" in text else text
    text = _DIRECTIVE.sub(_displayed, _ROLE.sub(r"$\1$", text)) if "math:" in text else text
    text = _ENTITY.sub(_unescaped, text)
    if "<su" in text:
        for _ in range(_MOST_NESTED):
            text = _TAGS.sub(_hung, text)
        text = _OTHER_TAGS.sub(" ", text)
    text = _IN_WORDS.sub(lambda found: found[0].replace("$", ""), _FRAMES.sub(" ", text))
    if "$" not in text:
        return _RANGE.sub(lambda found: " " * len(found[0]), text)
    text = _VALUE.sub(_valued, text)
    return _ENTRY_OF_A_CALL.sub(r"\1_{\4}\2\3", _ENTRY.sub(r"\1_{\3}\2", _POINTED.sub(r"$\1$\2", text)))


def _typeset(found: re.Match[str]) -> str:
    mark = "$$" if found["display"] else "$"
    return f"{mark}{found['latex']}{mark}"


def _displayed(found: re.Match[str]) -> str:
    inside = found[0].partition("math::")[2]
    latex = inside.rstrip()
    # Formulas with an empty line between them are formulas of their own.
    apart = _PARAGRAPH.sub(r"$$\1$$", latex)
    return f"{found['before']}$${apart}$${inside[len(latex) :]}"


def _unescaped(found: re.Match[str]) -> str:
    character = html.unescape(found[0])
    return found[0] if character in {found[0], "&"} or len(character) > 1 else character


def _valued(found: re.Match[str]) -> str:
    """A value with marks of its own, where what is said to have it is a derivative or a delta."""
    before = found.string[max(0, found.start() - _NEAR) : found.end("before")]
    told = [one[1] for one in _TOLD.finditer(before)]
    about = _VALUED.search(told[-1] if told else before)
    return f"{found['before']}${digits_of(found['value'])}$" if about else found[0]


def _hung(found: re.Match[str]) -> str:
    inner = found[2].strip()
    if _LETTER.fullmatch(inner) and (found[1] == "sub" or len(inner) == 1):
        return f"{_SIGN[found[1]]}{inner}" if len(inner) == 1 else f"{_SIGN[found[1]]}{{{inner}}}"
    return f"{_SIGN[found[1]]}({inner})"
