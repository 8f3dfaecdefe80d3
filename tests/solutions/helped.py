"""Code with modules of the student's own, for the tests that hold self-check and grader to the same verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from autograder.loading import reference_source
from autograder.model import Assignment

Text = str | Sequence[str]

HELPED: Mapping[str, tuple[Text, Mapping[str, str]]] = {
    "module": ("from tools import *\n", {"tools.py": "@ALL"}),
    "notebook": (["import tools", "from tools import @NAMES"], {"tools.py": "@ALL"}),
    "written": (["%%writefile tools.py\n@ALL", "from tools import *"], {}),
    "written-twice": (["%%writefile a/b.py\nx = 1\n", "%%file -a a/b.py\n@ALL", "from a.b import *"], {}),
    "written-over": (["%%writefile tools.py\n@ALL", "from tools import *"], {"tools.py": "raise SystemExit"}),
    "written-too-late": (["from tools import *", "%%writefile tools.py\n@ALL"], {}),
    "written-outside": (["%%writefile ../tools.py\n@ALL", "from tools import *"], {}),
    "written-in-a-module": ("%%writefile tools.py\n@ALL", {}),
    "package": (
        "from pkg.one import *",
        {"pkg/__init__.py": "", "pkg/one.py": "from .two import *\n", "pkg/two.py": "@ALL"},
    ),
    "no-init": ("from pkg.one import *", {"pkg/one.py": "@ALL"}),
    "chain": ("from a import *", {"a.py": "from b import *", "b.py": "from c import *\nimport a", "c.py": "@ALL"}),
    "one-fails": ("from tools import *", {"tools.py": "x = 1 / 0\n@ALL\ny = not_there"}),
    "not-python": ("@ALL\nimport tools\n", {"tools.py": "def f(:"}),
    "undone": ("from tools import *", {"tools.py": "@ALL\n@FIRST = None\n"}),
    "inside-a-function": ("def @FIRST(*x):\n    import tools\n    return tools.@FIRST(*x)\n", {"tools.py": "@ALL"}),
    "by-a-name": ("import importlib\nimportlib.import_module('tools')\n@ALL", {"tools.py": "x = 1"}),
    "shadows": (
        "import numpy, random, json\n@ALL",
        {"numpy.py": "1 / 0", "random.py": "raise SystemExit", "json/__init__.py": "1 / 0"},
    ),
    "shadows-ours": ("from autograder import *\nfrom hw1_check import *\n", {"autograder.py": "@ALL"}),
    "torch-is-used": ("from torch import *", {"torch.py": "@ALL"}),
    "latin-1": ("from tools import *", {"tools.py": "# -*- coding: latin-1 -*-\n# \u00e9\n@ALL"}),
    "too-many": ("import pkg", {f"pkg/m{number}.py": "" for number in range(65)}),
    "too-large": ("import tools", {"tools.py": "#" * 1_000_001}),
    "as-many-as-may-be": ("from pkg.one import *", {"pkg/one.py": "@ALL"} | {f"pkg/m{n}.py": "" for n in range(63)}),
    "main": ("from tools import *", {"tools.py": "@ALL\nif __name__ == '__main__':\n    1 / 0\n"}),
    "slow": ("import tools\n@ALL", {"tools.py": "while True: pass"}),
    "exits": ("import tools\n@ALL", {"tools.py": "import sys\nsys.exit()"}),
    "reads-itself": (
        "from tools import *",
        {"tools.py": "@ALL\nimport inspect\nsource = inspect.getsource(@FIRST)\n"},
    ),
}
"""Each case's code, a notebook's cells in a list, and the modules beside it.

``@ALL`` stands for the functions, ``@NAMES`` for their names, ``@FIRST`` for the first of these.
"""

RIGHT: Mapping[str, int | None] = {
    "exits": 0,
    "inside-a-function": 2,
    "too-large": None,
    "too-many": None,
    "undone": 6,
    "written-in-a-module": 0,
    "written-outside": 0,
    "written-too-late": 0,
}
"""Of the eight public cases, how many pass where it is not all of them; None where it cannot be read."""


def write_helped(folder: Path, assignment: Assignment) -> Iterator[Path]:
    """Write each case into a folder of its own; the files that are handed in, each of another name."""
    names = [part.name for part in assignment.parts]
    words = {"@ALL": reference_source(assignment), "@NAMES": ", ".join(names), "@FIRST": names[0]}

    def meant(text: str) -> str:
        for word, meaning in words.items():
            text = text.replace(word, meaning)
        return text

    for case, (code, modules) in HELPED.items():
        home = folder / "helped" / case
        for name, text in modules.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(meant(text), encoding="latin-1" if case == "latin-1" else "utf-8")
        home.mkdir(parents=True, exist_ok=True)
        path = home / f"helped-{case}.{'py' if isinstance(code, str) else 'ipynb'}"
        if isinstance(code, str):
            path.write_text(meant(code), encoding="utf-8")
        else:
            cells = [{"cell_type": "code", "source": meant(one), "metadata": {}} for one in code]
            document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
            path.write_text(json.dumps(document), encoding="utf-8")
        yield path
