"""What a text says by other marks than TeX's: HTML's raised and lowered letters, brackets for entries, frames."""

import re

_TAGS = re.compile(r"<(sub|sup)>([^<>\n]{1,60})</\1>")
_MOST_NESTED = 3
_LETTER = re.compile(r"\\?\w{1,3}")
_SIGN = {"sub": "_", "sup": "^"}
_OTHER_TAGS = re.compile(r"</?(?:span|font|b|i|em|strong|p|div)(?: [^<>\n]{0,80})?>|<br ?/?>|&nbsp;")
_FRAMES = re.compile("[\u2500-\u257f]")
_ENTRY = re.compile(r"(?<![A-Za-z\\])([A-Za-z])\[([a-z0-9])\](?!\()")
_CASE = r"\s{0,3}[A-Za-z]\s{0,3}(?:=|\\neq?(?![a-z])|≠)\s{0,3}[A-Za-z]"
_POINTED = re.compile(rf"(?:(?<![$])[$]|(?<=[A-Za-z] )[$]{{2}})({_CASE})\s{{0,3}}([:.,;]?)\s{{0,3}}[$]{{1,2}}")
"""A case among words, perhaps with what ends these between its own marks."""
_IN_WORDS = re.compile(r"\\text(?:rm)?\{[^{}$\n]{0,60}[$][^{}\n]{0,60}\}")


def plain(text: str) -> str:
    """Write a text as TeX or a line without marks would say it; each line stays where it is."""
    if "<su" in text:
        for _ in range(_MOST_NESTED):
            text = _TAGS.sub(_hung, text)
        text = _OTHER_TAGS.sub(" ", text)
    text = _IN_WORDS.sub(lambda found: found[0].replace("$", ""), _FRAMES.sub(" ", text))
    text = _POINTED.sub(r"$\1$\2", text)
    return _ENTRY.sub(r"\1_{\2}", text) if "$" in text else text


def _hung(found: re.Match[str]) -> str:
    inner = found[2].strip()
    if _LETTER.fullmatch(inner) and (found[1] == "sub" or len(inner) == 1):
        return f"{_SIGN[found[1]]}{inner}" if len(inner) == 1 else f"{_SIGN[found[1]]}{{{inner}}}"
    return f"{_SIGN[found[1]]}({inner})"
