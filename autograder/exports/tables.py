"""The class as a table of one row per student: CSV, or Parquet for those who go on computing."""

import io
from collections.abc import Sequence
from typing import Any

from autograder.errors import InputError
from autograder.exports.records import Report
from autograder.gradebook.table import COLUMNS, table
from autograder.words import number


def csv_document(reports: Sequence[Report], criteria: Sequence[str]) -> bytes:
    """Lay out the class as grades.csv has it, without who is absent."""
    rows = []
    for one in reports:
        points = {line.id: number(line.earned) for line in one.lines}
        earned = "" if one.earned is None else number(one.earned)
        rows.append([one.student, one.status, earned, number(one.possible), *(points.get(c, "") for c in criteria)])
    return table(criteria, rows).encode()


def parquet_document(reports: Sequence[Report], criteria: Sequence[str]) -> bytes:
    """Lay out the class for pandas, Polars or DuckDB: points are floats, unknown ones null.

    Raises `InputError` if pyarrow, which the extra ``[parquet]`` brings, is not there.
    """
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError:
        raise InputError("Parquet needs pyarrow: pip install 'hw1-autograder[parquet]', or export csv") from None
    columns: dict[str, list[Any]] = {
        COLUMNS[0]: [one.student for one in reports],
        "name": [one.name for one in reports],
        COLUMNS[2]: [one.earned for one in reports],
        COLUMNS[3]: [one.possible for one in reports],
    }
    points = [{line.id: line.earned for line in one.lines} for one in reports]
    columns |= {criterion: [mine.get(criterion) for mine in points] for criterion in criteria}
    text = {COLUMNS[0], "name"}
    schema = arrow.schema([(name, arrow.string() if name in text else arrow.float64()) for name in columns])
    file = io.BytesIO()
    parquet.write_table(arrow.table(columns, schema=schema), file)
    return file.getvalue()
