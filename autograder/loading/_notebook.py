"""A notebook's cells, read as JSON."""

from __future__ import annotations

import json
from typing import Any

from autograder.loading._files import Unreadable
from autograder.results import Cell

MAX_CELLS = 2_000
"""Number of cells, of any type, in the largest notebook that is read."""

_SAVE_AGAIN = "open it in Jupyter and save it again"


def code_cells(raw: list[dict[str, Any]], name: str) -> tuple[Cell, ...]:
    """Take the code cells in order, labelled as Jupyter shows them, without nbgrader's test cells.

    Raises
    ------
    Unreadable
        If one has no text.
    """
    code = [cell for cell in enumerate(raw, 1) if cell[1].get("cell_type") == "code"]
    cells: list[Cell] = []
    for number, (position, cell) in enumerate(code, 1):
        metadata = cell.get("metadata")
        nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        if isinstance(nbgrader, dict) and nbgrader.get("grade") is True and not nbgrader.get("solution"):
            continue
        source = cell.get("source")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise Unreadable(f"{name} has a code cell (position {position}) without text; {_SAVE_AGAIN}")
        # JSON can spell half a surrogate pair, which no later encoding would survive.
        cells.append(Cell(label=f"cell {number}", source=source.encode("utf-8", "replace").decode("utf-8")))
    return tuple(cells)


def raw_cells(text: str, name: str, *, unfinished: bool = False) -> list[dict[str, Any]]:
    """Read the cells of a version 4 notebook as JSON has them.

    Parameters
    ----------
    text : str
        The file's text.
    name : str
        How messages name it.
    unfinished : bool
        Whether its name says that a browser was still loading it.

    Returns
    -------
    list of dict
        At most `MAX_CELLS`.

    Raises
    ------
    Unreadable
        If it is no such notebook.
    """
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as error:
        if unfinished:
            raise Unreadable(f"{name} is a download that was not finished; hand in the whole file") from None
        raise Unreadable(
            f"{name} is not valid JSON (line {error.lineno}, column {error.colno}); {_SAVE_AGAIN}"
        ) from None
    except ValueError:
        raise Unreadable(f"{name} holds a number with too many digits; {_SAVE_AGAIN}") from None
    except RecursionError:
        raise Unreadable(f"{name} is nested too deeply; {_SAVE_AGAIN}") from None
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if isinstance(version, bool) or not isinstance(version, int):
        raise Unreadable(f"{name} is not a notebook; {_SAVE_AGAIN}")
    if version != 4:
        # Any number of digits may stand there, but only a short one helps.
        told = str(version) if 0 <= version < 100 else "unknown"
        raise Unreadable(f"{name} is a notebook of version {told}, not 4; {_SAVE_AGAIN}")
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise Unreadable(f"{name} has no list of cells; {_SAVE_AGAIN}")
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"{name} has {len(cells)} cells, the limit is {MAX_CELLS}; remove some")
    return cells
