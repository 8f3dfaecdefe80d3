"""What may have been done to a formula: kinds of changes, how far from the formula each is, and the words for it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

MOST_SENTENCES = 64
"""How many different sentences an answer may choose from: what a hostile function can say with them."""
SEPARATOR = ": "  #: Stands in a found name between the kind and the symbol.


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of change, as ``found.toml`` has it."""

    rank: int
    told: str
    plain: str = ""
    plain_rank: int = 0


_TOLD = files(__package__).joinpath("found.toml").read_text(encoding="utf-8")
KINDS: Mapping[str, Kind] = {name: Kind(**said) for name, said in tomllib.loads(_TOLD).items()}

WHOLE = frozenset({"zero answer", "opposite sign", "transposed answer", "wrong layout", "wrong extent"})
"""Kinds that say something of a whole answer: of a part of one they need not be true."""


def name_of(kind: str, symbol: str = "") -> str:
    """Name a change, as a grade has it: an author's name is one word, these are more."""
    return f"{kind}{SEPARATOR}{symbol}" if symbol and KINDS[kind].plain else kind


def kind_of(name: str) -> str:
    """Take the kind out of a name."""
    return name.partition(SEPARATOR)[0]


def is_found(name: str) -> bool:
    """Whether a name was found by search, and is not an author's."""
    return kind_of(name) in KINDS


def sentence(name: str, output: str) -> str:
    """Say to a student what a name stands for."""
    return _told(name).replace("{o}", output)


def general(name: str) -> str:
    """Say it of nobody's answer in particular; nothing where the name is no found one."""
    if not is_found(name):
        return ""
    told = _told(name).replace("{o}", "the output").replace("`", "")
    return told[0].upper() + told[1:]


def _told(name: str) -> str:
    kind, _, symbol = name.partition(SEPARATOR)
    known = KINDS[kind]
    return (known.told if symbol or not known.plain else known.plain).replace("{s}", symbol)


def rank(name: str) -> int:
    """Say how far from the formula the change is."""
    kind, _, symbol = name.partition(SEPARATOR)
    known = KINDS[kind]
    return known.rank if symbol else known.plain_rank or known.rank
