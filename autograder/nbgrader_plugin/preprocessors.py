"""What stands in nbgrader's lists of preprocessors: our results in place of ``Execute``, and a guard."""

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.preprocessors import CheckCellMetadata, NbGraderPreprocessor

from autograder.errors import AutograderError
from autograder.results import PartFeedback

_Pair = tuple[NotebookNode, Any]


class GuardError(AutograderError):
    """A cell would be graded by something that is not our result."""


class SandboxGrades(NbGraderPreprocessor):  # type: ignore[misc]
    """Writes our results below the test cells, and clears every other output. It runs nothing."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> _Pair:
        """Write the results."""
        results: dict[str, PartFeedback] = self.parent.results_of(resources)
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
                mine = results.get(_grade_id(cell)) if utils.is_grade(cell) else None
                if mine is not None:
                    cell.outputs = [_output(mine)]
        return nb, resources


class OnlyOurGrades(NbGraderPreprocessor):  # type: ignore[misc]
    """Stops a submission whose points would come from anything but our result.

    It asks nbgrader's own rule what it would store, and compares with what is in this process's memory: the notebook
    has no part in that.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> _Pair:
        """Compare.

        Raises `GuardError` if a test cell's points are not ours, a cell is graded that we know nothing of, or one is
        missing.
        """
        results: dict[str, PartFeedback] = self.parent.results_of(resources)
        seen = []
        for cell in nb.cells:
            # Cells that a person grades get no automatic score but 0 for an empty answer.
            if not utils.is_grade(cell) or utils.is_solution(cell):
                continue
            id_ = _grade_id(cell)
            mine = results.get(id_)
            if mine is None:
                raise GuardError(f"cell {id_!r} would be graded, and hw1 has no result for it")
            if _result(cell) != repr(mine.earned) or utils.determine_grade(cell) != (mine.earned, mine.possible):
                raise GuardError(
                    f"cell {id_!r} does not hold the result of hw1; is a preprocessor missing, or is there one "
                    "too many?"
                )
            seen.append(id_)
        if sorted(seen) != sorted(results):
            raise GuardError(f"test cells {sorted(seen)} instead of {sorted(results)}")
        return nb, resources


class CheckOtherNotebooks(CheckCellMetadata):  # type: ignore[misc]
    """nbgrader's look at its metadata, where we did not write them: it takes a fifth of the whole pass."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> _Pair:
        """Check, unless the notebook is ours."""
        if self.parent.is_ours(resources):
            return nb, resources
        checked: _Pair = super().preprocess(nb, resources)
        return checked


def _grade_id(cell: NotebookNode) -> str:
    return str(cell.metadata.nbgrader.get("grade_id", ""))


def _output(mine: PartFeedback) -> NotebookNode:
    """What nbgrader takes the points from, a plain float, and what a browser shows in its place."""
    data = {"text/plain": repr(mine.earned), "text/html": mine.html}
    output: NotebookNode = new_output("execute_result", data=data, execution_count=None)
    return output


def _result(cell: NotebookNode) -> str:
    """The plain result below a test cell, if that is all there is."""
    outputs = cell.get("outputs", [])
    if len(outputs) != 1 or outputs[0].output_type != "execute_result":
        return ""
    return str(outputs[0].data.get("text/plain"))
