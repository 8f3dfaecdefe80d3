"""The words that a student reads for what became of a submission, from ``words.toml``."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

_TABLES: Mapping[str, Any] = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
WORDS: Mapping[str, str] = _TABLES["statuses"]
REFUSALS: Mapping[str, str] = _TABLES["refusals"]
REFUSED: Mapping[str, str] = _TABLES["refused"]
OF_A_FUNCTION: Mapping[str, str] = _TABLES["of_a_function"]
OF_AN_OUTPUT: Mapping[str, str] = _TABLES["of_an_output"]
WRITTEN: Mapping[str, str] = _TABLES["written"]
ONE_LINE: Mapping[str, str] = _TABLES["one_line"]
OF_SEVERAL: Mapping[str, tuple[str, str]] = _TABLES["of_several"]
NOT_WRITTEN = "not written"  #: What a student reads for a status where the function is still the stub.
