"""Tables as CSV: a header row, LF line ends, UTF-8, a decimal point, missing is empty (clinical.md §13.6)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from monitor_app.core.journal import Scalar
from monitor_app.core.record import SessionRecord
from monitor_app.exporters.export import SIMULATED_MARK, ExportFile
from monitor_app.exporters.timeline import number

MARK_COLUMN = "mark"
_ROWS_PER_CHUNK = 2000


def table(
    name: str, record: SessionRecord, header: Sequence[str], rows: Iterable[Sequence[str]]
) -> ExportFile:
    """Return a CSV file; tables of a simulated session carry the mark in every row, as their last column."""
    if not record.opened.simulated:
        return ExportFile(name, _chunks(header, rows))
    marked = ((*row, SIMULATED_MARK) for row in rows)
    return ExportFile(name, _chunks((*header, MARK_COLUMN), marked))


def cell(value: Scalar) -> str:
    """Return a scalar as it stands in a cell: ``true``/``false``, a number, text, or nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, str):
        return value or ""
    return number(value)


def _chunks(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    for count, row in enumerate(rows, start=1):
        writer.writerow(row)
        if count % _ROWS_PER_CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()
