"""Raw bytes through their decoder again and into the alarm engine: of a session, or of a capture file.

What is judged is what the monitor says: its numbers, cuff readings and sensor states, on a board that keeps and blanks them
as the live one does, one row a second. The ECG is not counted anew here; replaying the session without its bytes, or a
recording, does that.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from heapq import merge
from pathlib import Path

from devices.clock import NS_PER_S
from devices.drivers.base import Driver, DriverInfo
from devices.errors import KnownError
from devices.signals import DeviceStatus, NibpResult, NumericReading, Signal
from monitor_app.core.alarm.facts import Shown
from monitor_app.core.alarm.limits import Limits
from monitor_app.core.journal import BaselineEntry, PhaseEntry
from monitor_app.core.phase import Phase
from monitor_app.core.raw import RawEntry
from monitor_app.core.record import SessionRecord
from monitor_app.services.bedside.vitals import VitalsBoard
from monitor_app.services.capture_clock import CaptureClock, timing_of
from monitor_app.services.decode_run import capture_chunks
from monitor_app.services.raw_source import raw_tracks
from monitor_app.services.replay import Line, replay_table
from monitor_app.services.replay_csv import NumericRow, NumericTable
from monitor_app.services.replay_facts import ReplayOptions

_MEASURED = {"hr": "HR", "pr": "PR", "spo2": "SPO2", "rr": "RR"}
_QUALITY = {"hr": "hr_quality", "spo2": "spo2_quality"}
_FILE_SOURCE = "capture"


@dataclass(frozen=True, slots=True)
class Heard:
    """A signal and when it was heard, in nanoseconds since the beginning."""

    t_ns: int
    source: str
    signal: Signal


def replay_raw_session(
    record: SessionRecord,
    driver_for: Callable[[str], Driver],
    options: ReplayOptions | None = None,
    limits: Limits | None = None,
) -> Iterator[Line]:
    """Yield the lines of a session decoded again, in its own phases and against its own baseline unless one is given.

    ``driver_for`` gives a new driver for a source.

    :raises KnownError: the session holds no raw bytes, or none that its drivers can read.
    """
    chosen = options or ReplayOptions()
    if chosen.baseline is None:
        frozen = [entry.baseline for entry in record.entries if isinstance(entry, BaselineEntry)]
        chosen = replace(chosen, baseline=frozen[-1] if frozen else None)
    zero_ns = record.opened.stamp.t_ns
    drivers = {track.source: driver_for(track.source) for track in raw_tracks(record)}
    streams = [_decoded(track.pieces(), drivers[track.source], zero_ns) for track in record.raw]
    heard = merge(*streams, key=lambda item: item.t_ns)
    infos = {source: driver.info for source, driver in drivers.items()}
    phases = [(e.stamp.t_ns - zero_ns, e.to_phase) for e in record.entries if isinstance(e, PhaseEntry)]
    table = numeric_table(heard, infos, phases)
    _require_rows(table, f"session {record.opened.session_id}")
    return replay_table(table, chosen, limits, told=_told(table))


def replay_capture(
    path: Path, driver: Driver, options: ReplayOptions | None = None, limits: Limits | None = None
) -> Iterator[Line]:
    """Yield the lines of a capture of monitor-to-host bytes; its times come from the monitor (``capture_clock``).

    :raises KnownError: the file cannot be read, or holds no number of this family.
    """
    timing = timing_of(_signals(path, driver))
    clock = CaptureClock(timing, driver.info.numeric_interval_s)
    heard = (Heard(clock.t_ns(signal), _FILE_SOURCE, signal) for signal in _signals(path, driver))
    table = numeric_table(heard, {_FILE_SOURCE: driver.info})
    _require_rows(table, str(path))
    return replay_table(table, options or ReplayOptions(), limits, told=_told(table))


def numeric_table(
    heard: Iterable[Heard], infos: dict[str, DriverInfo], phases: Iterable[tuple[int, Phase]] = ()
) -> NumericTable:
    """Return what was on display, one row a second and one for each cuff reading; what never came is not fitted."""
    rows = tuple(_Display(infos, phases).rows(heard))
    valued = {name for row in rows for name, value in row.numbers.items() if value is not None}
    columns = valued | {_QUALITY[name] for name in valued & set(_QUALITY)}
    if any(row.lead_off for row in rows):
        columns.add("ecg_lead_off")
    return NumericTable(frozenset(columns | {"t"}), rows)


def _told(table: NumericTable) -> frozenset[str]:
    """Return what a monitor says only when it is so: an electrode that is off, a cuff cycle that failed."""
    of_number = {"hr": "ecg_lead_off", "sys": "nibp_status"}
    return frozenset(column for number, column in of_number.items() if number in table.columns)


class _Display:
    """The numbers as a screen would have shown them."""

    def __init__(self, infos: dict[str, DriverInfo], phases: Iterable[tuple[int, Phase]]) -> None:
        self._board = VitalsBoard()
        for source, info in infos.items():
            self._board.add_source(source, info.numerics, 0, interval_s=info.numeric_interval_s)
        self._phases = sorted(phases, key=lambda item: item[0])
        self._next_ns: int | None = None

    def rows(self, heard: Iterable[Heard]) -> Iterator[NumericRow]:
        last_ns = 0
        for item in heard:
            if self._next_ns is None:
                self._next_ns = (item.t_ns // NS_PER_S + 1) * NS_PER_S
            while self._next_ns < item.t_ns:
                yield self._row(self._next_ns)
                self._next_ns += NS_PER_S
            last_ns = item.t_ns
            yield from self._take(item)
        if self._next_ns is not None:
            yield self._row(max(last_ns, self._next_ns))

    def _take(self, item: Heard) -> Iterator[NumericRow]:
        signal = item.signal
        if isinstance(signal, NumericReading):
            self._board.numeric(item.source, signal, item.t_ns)
        elif isinstance(signal, DeviceStatus):
            self._board.status(item.source, signal, item.t_ns)
        elif isinstance(signal, NibpResult):
            yield self._row(item.t_ns, signal)

    def _row(self, t_ns: int, cuff: NibpResult | None = None) -> NumericRow:
        self._board.rank(t_ns)
        shown = {column: self._board.shown(name, t_ns) for column, name in _MEASURED.items()}
        numbers = {column: item.value for column, item in shown.items()}
        numbers |= {_QUALITY[column]: _graded(item) for column, item in shown.items() if column in _QUALITY}
        status = ""
        if cuff is not None:
            numbers |= {"sys": cuff.systolic_mmhg, "dia": cuff.diastolic_mmhg, "map": cuff.mean_mmhg}
            status = "ok" if cuff.failure is None else cuff.failure.name.lower()
        return NumericRow(
            t_ns=t_ns,
            numbers=numbers,
            nibp_status=status,
            phase=self._phase(t_ns),
            leads_off=self._board.details("ECG_LEAD_OFF"),
            lead_off=self._board.since("ECG_LEAD_OFF") is not None,
        )

    def _phase(self, t_ns: int) -> Phase | None:
        begun = [phase for at_ns, phase in self._phases if at_ns <= t_ns]
        return begun[-1] if begun and begun[-1].monitoring else None


def _graded(shown: Shown) -> float | None:
    return None if shown.value is None else shown.quality


def _decoded(pieces: Iterable[RawEntry], driver: Driver, zero_ns: int) -> Iterator[Heard]:
    decoder = driver.capture_decoder()
    for piece in pieces:
        if not piece.sent:
            t_ns = piece.stamp.t_ns - zero_ns
            yield from (Heard(t_ns, piece.source, signal) for signal in decoder.feed(piece.data))


def _signals(path: Path, driver: Driver) -> Iterator[Signal]:
    decoder = driver.capture_decoder()
    for data in capture_chunks(path):
        yield from decoder.feed(data)


def _require_rows(table: NumericTable, name: str) -> None:
    if not table.columns & {*_MEASURED, "sys"}:
        raise KnownError(f"{name} holds no number of this monitor's family: name another with --driver.")
