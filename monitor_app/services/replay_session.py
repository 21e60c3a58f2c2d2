"""One of our own sessions through the alarm engine again: the numbers its screen showed, as its own export holds them."""

from collections.abc import Iterator
from dataclasses import replace

from monitor_app.core.alarm.limits import Limits
from monitor_app.core.journal import BaselineEntry
from monitor_app.core.record import SessionRecord
from monitor_app.exporters.csv_numerics import numerics_file
from monitor_app.exporters.export import ExportOptions, Profile
from monitor_app.services.replay import replay_table
from monitor_app.services.replay_csv import NumericTable, parse_numerics
from monitor_app.services.replay_facts import ReplayOptions


def replay_session(
    record: SessionRecord, options: ReplayOptions | None = None, limits: Limits | None = None
) -> Iterator[dict[str, object]]:
    """Yield the lines of a recorded session, in its own phases and against its own baseline unless one is given.

    A quantity that never had a value counts as not fitted. Acknowledgements of the session are not repeated.
    """
    chosen = options or ReplayOptions()
    if chosen.baseline is None:
        frozen = [entry.baseline for entry in record.entries if isinstance(entry, BaselineEntry)]
        chosen = replace(chosen, baseline=frozen[-1] if frozen else None)
    return replay_table(session_numerics(record), chosen, limits)


def session_numerics(record: SessionRecord) -> NumericTable:
    """Return a session's displayed values, one row a second."""
    exported = numerics_file(record, ExportOptions(software="", profile=Profile.IDENTIFIED))
    text = b"".join(exported.chunks).decode()
    table = parse_numerics(text.splitlines(keepends=True), f"session {record.opened.session_id}")
    seen = {name for row in table.rows for name, value in row.numbers.items() if value is not None}
    return NumericTable(
        frozenset(name for name in table.columns if name in seen or not _measured(name)), table.rows
    )


def _measured(column: str) -> bool:
    return column in {"hr", "pr", "spo2", "rr", "sys", "dia", "map"}
