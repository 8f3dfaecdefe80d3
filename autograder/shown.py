"""What people are shown of a text that is not ours: nothing in it is unseen, and an id is the name it was made from."""

import re
import unicodedata

# Printable for Python, yet nothing is seen of them: fillers, blanks and selectors of variants.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_CUT = re.compile(r"(.{30})%-([0-9a-f]{32})")  # An id that loading cut: 30 characters, the mark, a hash.
_HALF = re.compile("%[0-9A-F]?$")  # What the cut left of an encoded character.


def visible(text: str) -> str:
    """Make a text printable in one line: what cannot be seen, or turns its neighbors round, is spelled ``[U+202E]``.

    So are spaces at either end.
    """
    if text.isascii() and text.isprintable() and text.strip(" ") == text:
        return text
    inner = text.strip(" ")
    before = len(text) - len(text.lstrip(" ")) if inner else len(text)
    spaces = "[U+0020]"
    kept = "".join(c if c.isprintable() and not _UNSEEN.match(c) else f"[U+{ord(c):04X}]" for c in inner)
    return spaces * before + kept + spaces * (len(text) - len(inner) - before)


def harmless(text: str) -> str:
    """Spell what a terminal would obey, in a text that keeps its lines, indentation and tabs."""
    if text.replace("\n", "").isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else f"[U+{ord(c):04X}]" for c in text)


def name_and_cut(student: str) -> tuple[str, str]:
    """Decode an id: the name it was made from, and the digits that stand for what loading cut off, mostly none."""
    cut = _CUT.fullmatch(student)
    if not cut:
        return _unquoted(student), ""
    start, digits = cut.groups()
    # The cut may have fallen into a character.
    return _unquoted(_HALF.sub("", start)).rstrip("".join(map(chr, range(0xDC80, 0xDD00)))), digits


def decoded(student: str) -> str:
    """Decode an id, as whole as it is."""
    return "...".join(filter(None, name_and_cut(student)))


def _unquoted(encoded: str) -> str:
    """What stood there before percent-encoding, composed: two spellings of one letter look the same."""
    from urllib.parse import unquote

    return unicodedata.normalize("NFC", unquote(encoded, errors="surrogateescape"))
