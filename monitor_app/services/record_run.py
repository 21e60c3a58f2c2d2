"""Recording without a window: the same links, bedside and recorder, for a given time."""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devices.clock import NS_PER_S, SystemClock
from devices.errors import KnownError, RefusedError
from devices.registry import DeviceAddress
from devices.signals import LinkState
from devices.transport.line_suffix import split_line
from monitor_app.core.journal import (
    AlarmEntry,
    GapEntry,
    JournalEntry,
    NibpEntry,
    NumericEntry,
    WaveBlock,
)
from monitor_app.core.nibp_plan import INTERVALS_MIN
from monitor_app.core.raw import RawEntry
from monitor_app.core.record import SessionRecord
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.core.visit.facts import SELF_TEST_NOT_RUN
from monitor_app.services.assembly import Head
from monitor_app.services.ids import random_session_id
from monitor_app.services.live import LiveChair, LivePlan, same_monitors, simulated_ports
from monitor_app.services.ports import RecordingSounder
from monitor_app.storage.archive import utc_text
from monitor_app.storage.store import open_archive

RESUME_WITHIN_S = 4 * 3600.0
NAMELESS_RESUME_WITHIN_S = 600.0
"""A session cut off longer ago is not gone on with: four hours with a patient's key, ten minutes without one."""
OPERATOR = Actor("chairside record", "system")
POLL_S = 0.02
PORT_POLL_S = 0.1
OPENING_S = 1.0
"""What is left at least, after waiting for a port, to open it or to hear why it cannot be opened."""


@dataclass(frozen=True, slots=True)
class RecordOrder:
    """What to record."""

    data_dir: Path
    devices: tuple[DeviceAddress, ...]
    seconds: float
    nibp_every_min: float | None = None
    patient_key: str = ""
    fresh: bool = False
    confirmed_by: str = ""
    raw: bool = False


def await_ports(order: RecordOrder, wait: Callable[[float], bool]) -> float:
    """Wait until every device file that is to be recorded from exists, at most the time of the order; the seconds it took.

    Whether a record is of a patient is settled before it begins, and only a port that is there tells: an emulator that
    was started together with the recording makes its port a moment later.
    """
    clock = SystemClock()
    began_ns = clock.monotonic_ns()
    files = [Path(port) for port in (split_line(a.port)[0] for a in order.devices) if _is_file(port)]
    while True:
        waited_s = (clock.monotonic_ns() - began_ns) / NS_PER_S
        if all(map(os.path.lexists, files)) or waited_s >= order.seconds or wait(PORT_POLL_S):
            return min(waited_s, order.seconds)


def _is_file(port: str) -> bool:
    return os.sep in port and "://" not in port


class RecordRun:
    """One run of ``chairside record``. Made and run by one thread."""

    def __init__(self, order: RecordOrder, *, waited_s: float = 0.0) -> None:
        """Open the store and the links' threads. Raises KnownError when something does not fit; nothing runs then.

        ``waited_s``: how long ``await_ports`` took; it counts as waiting for the first frame.
        """
        self._order = order
        self._first_frame_s = max(order.seconds - waited_s, min(order.seconds, OPENING_S))
        self._waveforms: Counter[str] = Counter()
        self._numerics: Counter[str] = Counter()
        self._gaps: list[dict[str, object]] = []
        self._raw_bytes = 0
        self._nibp = 0
        self._reasons: list[str] = []
        self._alarms: list[dict[str, object]] = []
        self._system_clock = SystemClock()
        head = Head(
            session_id=random_session_id(),
            patient_key=order.patient_key,
            simulated=simulated_ports(order.devices, confirmed_by=order.confirmed_by),
        )
        self._chair = LiveChair(
            LivePlan(
                data_dir=order.data_dir,
                head=head,
                sounder=RecordingSounder(),
                self_test=SELF_TEST_NOT_RUN,
                devices=order.devices,
                resume=not order.fresh,
                resume_if=self._is_mine,
                confirmed_by=order.confirmed_by,
                raw=order.raw,
            )
        )

    def _is_mine(self, record: SessionRecord, last: Stamp) -> bool:
        """Whether a cut-off session is the one this run goes on with: same patient, same monitors, recent."""
        key = self._order.patient_key
        within_s = RESUME_WITHIN_S if key else NAMELESS_RESUME_WITHIN_S
        recent = self._system_clock.wall_utc().timestamp() - last.utc_ms / 1000 <= within_s
        return record.opened.patient_key == key and recent and same_monitors(record, self._order.devices)

    @property
    def chair(self) -> LiveChair:
        """The chair that is recorded."""
        return self._chair

    @property
    def resumed_text(self) -> str:
        """What is gone on with, in words; empty for a new session."""
        cut = self._chair.resumed
        if cut is None:
            return ""
        return (
            f"Going on with session {cut.record.opened.session_id}, cut off {cut.gap_ns / NS_PER_S:.0f} s ago "
            f"in {cut.visit.phase.title} (use --new for a new one)."
        )

    def run(self, wait: Callable[[float], bool]) -> dict[str, object]:
        """Record; ``wait(seconds)`` sleeps and returns True when it was told to stop early."""
        chair = self._chair
        chair.on_record(self._count)
        ended_well = False
        try:
            self._check_interval()
            chair.start()
            began_ns = self._system_clock.monotonic_ns()
            heard = self._await_first_frame(wait)
            if heard:
                chair.post(self._begin)
                began_ns = self._system_clock.monotonic_ns()
                wait(self._order.seconds)
            seconds = (self._system_clock.monotonic_ns() - began_ns) / NS_PER_S
            self._reasons = [f"{link.source}: {link.status.detail}" for link, _ in chair.links]
            ended_well = heard  # a run that heard nothing leaves a cut-off session to be taken up again
        finally:
            chair.close(end_session=ended_well)
        if chair.bedside.system.simulated_in_clinical:
            raise RefusedError(
                "a monitor turned out to be simulated or replayed and was refused in this clinical session: "
                "nothing of it was recorded; use its own port, which makes a training session."
            )
        return self._summary(seconds)

    def _begin(self) -> None:
        """Start recording, and arm the cuff where that was asked. Bedside thread.

        Only now, with a monitor there: a wrong port shall leave no empty session behind. A session gone on with keeps its own plan: its cuff is not started merely because the program was.
        """
        bedside, minutes = self._chair.bedside, self._order.nibp_every_min
        if self._chair.resumed is None:
            bedside.start_recording()
        plan = bedside.cuff.plan
        if minutes is None:
            if plan.armed:
                bedside.disarm_cuff(OPERATOR)
        elif plan.armed and plan.interval_s == minutes * 60:
            bedside.keep_plan()
        else:
            bedside.arm_cuff(minutes, OPERATOR)

    def _check_interval(self) -> None:
        minutes = self._order.nibp_every_min
        if minutes is not None and minutes not in INTERVALS_MIN:
            allowed = ", ".join(f"{m:g}" for m in INTERVALS_MIN)
            raise KnownError(f"--nibp-every {minutes:g} is not possible: choose {allowed} minutes.")

    def _await_first_frame(self, wait: Callable[[float], bool]) -> bool:
        """Wait until the first monitor streams; False when the run is over before one did.

        It is waited for as long as was asked to record; the time asked then counts from it.
        """
        until_ns = self._system_clock.monotonic_ns() + round(self._first_frame_s * NS_PER_S)
        while self._system_clock.monotonic_ns() < until_ns:
            if any(link.status.state is LinkState.STREAMING for link, _ in self._chair.links):
                return True
            if wait(POLL_S):
                return False
        return False

    def _count(self, entry: JournalEntry) -> None:
        """Count what goes into the record, as it goes in; called from the bedside's thread."""
        if isinstance(entry, WaveBlock):
            self._waveforms[entry.name] += len(entry.counts)
        elif isinstance(entry, NumericEntry):
            if entry.source != "chairside":
                self._numerics[entry.name] += 1
        elif isinstance(entry, RawEntry):
            self._raw_bytes += len(entry.data)
        elif isinstance(entry, NibpEntry):
            self._nibp += entry.accepted
        elif isinstance(entry, AlarmEntry) and entry.to_state == "ACTIVE" and not entry.suppressed:
            alarm: dict[str, object] = {
                "rule": entry.rule,
                "priority": entry.priority.value,
                "t": entry.stamp.t_s,
                "text": entry.text,
            }
            self._alarms.append(alarm)
        elif isinstance(entry, GapEntry):
            gap = {
                "source": entry.source,
                "channel": entry.channel,
                "t": entry.stamp.t_s,
                "seconds": entry.duration_ns / NS_PER_S,
            }
            self._gaps.append(gap)

    def _summary(self, seconds: float) -> dict[str, object]:
        counters = [link.counters for link, _ in self._chair.links]
        return {
            "session": self._chair.bedside.session_id if self._chair.bedside.journal.keeping else None,
            "seconds": round(seconds, 3),
            "frames_ok": sum(c.frames_ok for c in counters),
            "frames_bad": sum(c.frames_bad for c in counters),
            "dropped": self._chair.dropped,
            "gaps": self._gaps,
            "waveforms": dict(self._waveforms),
            "numerics": dict(self._numerics),
            "nibp": self._nibp,
            "resumed": self._chair.resumed is not None,
            "alarms": self._alarms,
            "raw_bytes": self._raw_bytes,
        }

    def why_nothing_came(self) -> str:
        """The links' own words on why no valid frame came."""
        return f"no valid frame came in {self._order.seconds:g} s; " + "; ".join(self._reasons)


def open_sessions(data_dir: Path) -> list[dict[str, object]]:
    """Every session that was cut off, newest first, and the state it reopens in."""
    archive = open_archive(data_dir)
    found: list[dict[str, object]] = []
    for left in archive.open_sessions():
        record = archive.record(left.id)
        found.append(
            {
                "session": left.id,
                "patient": left.patient,
                "simulated": left.simulated,
                "phase": left.phase.value,
                "last_utc": utc_text(left.last.utc_ms),
                "recorded_s": left.last.t_s,
                "events": len(record.entries),
            }
        )
    return found
