"""Cuff readings as events. The monitor times its own cuff; attribute 0990 says when a reading was taken (protocols.md §10).

===============  ==========================================  =====================================================
was              numeric reply                               says
===============  ==========================================  =====================================================
not seen yet     a reading, listening live                   held: its age is not ours to guess (see ``Since``)
not seen yet     a reading, in a capture                     result: the capture is all there is
idle             0990 unchanged                              nothing, however often it is repeated
idle             0990 new, with values                       result, also with the same values as before
idle             0990 new, without values                    settling
any              state bit 0020                              progress MEASURING; values meanwhile are no result
measuring        bit gone, 0990 new, with values             result, idle
measuring        bit gone, 0990 unchanged                    settling
settling         0990 new, with values                       result, idle
settling         a technical alarm of the cuff               failure with its cause, idle
settling         5 s gone                                    failure: stopped, or error if 0990 is new; idle
===============  ==========================================  =====================================================

A technical alarm of the cuff that begins while nothing is going on is a failure too: the measurement fell between two polls.
"""

from dataclasses import dataclass

from devices.protocols.intellivue_mib.values import TICKS_PER_S
from devices.signals import DeviceStatus, NibpFailure, NibpPhase, NibpProgress, NibpResult, Signal

SETTLE_TICKS = 5 * TICKS_PER_S
"""Numerics and alarms are polled every second each; the cause of a failure follows within that."""
_NEW_AFTER_TICKS = 10 * TICKS_PER_S
"""The first polls list objects without any value (protocols.md §3.4); after so long there really was none."""
FRESH_S = 120.0
"""A reading taken while the line was cut is still worth an event up to this age."""
_IDLE = NibpProgress(NibpPhase.IDLE)
_WRAP = 1 << 32


@dataclass(frozen=True, slots=True)
class CuffRecord:
    """The cuff object in one reply. ``key`` is attribute 0990 as it stood, None where there is none."""

    key: bytes | None
    taken_s: float | None
    systolic_mmhg: float | None
    diastolic_mmhg: float | None
    mean_mmhg: float | None
    ongoing: bool
    questionable: bool

    @property
    def readable(self) -> bool:
        """Whether it holds a reading; a mean alone is none."""
        return self.key is not None and self.systolic_mmhg is not None and self.diastolic_mmhg is not None


@dataclass(frozen=True, slots=True)
class Since:
    """From when a reading counts as new, by the monitor's own clock; ``key`` is the last one known before that."""

    heard_s: float
    key: bytes | None = None


class CuffWatch:
    """Turns cuff records into progress and results; see the table. ``live`` is False for a recorded capture."""

    def __init__(self, *, live: bool = True, since: Since | None = None) -> None:
        self.since = since
        self._live = live
        self._key: bytes | None = None
        self._seen = False
        self._first_ticks: int | None = None
        self._measuring = False  # as the last record had it
        self._told = False  # progress was told whose end was not
        self._settling: tuple[int, NibpFailure] | None = None
        self._failure: NibpFailure | None = None
        self._failure_known = False

    @property
    def key(self) -> bytes | None:
        """When the last reading known was taken, as attribute 0990 has it."""
        return self._key

    def step(self, record: CuffRecord, ticks: int, now_s: float | None, pulse: float | None) -> list[Signal]:
        """Take the record of one reply; ``now_s`` is the monitor's clock, ``pulse`` a rate taken with this reading."""
        if record.ongoing:
            began = not self._told
            if not self._seen and not self._is_new(record, now_s):
                self._key = record.key  # of the reading before this one
            self._measuring = self._told = self._seen = True
            self._settling = None
            return [NibpProgress(NibpPhase.MEASURING)] if began else []
        fresh = record.key is not None and record.key != self._key
        if not self._seen:
            return self._first_sight(record, ticks, now_s, pulse)
        if fresh and record.readable:
            self._key = record.key
            return self._result(record, pulse)
        if self._measuring or fresh:
            self._settling = (ticks, NibpFailure.ERROR if fresh else NibpFailure.STOPPED)
            self._measuring = False
            self._key = record.key if fresh else self._key
        return self._settle(ticks)

    def failed(self, failure: NibpFailure | None) -> list[Signal]:
        """Take the cuff failure among the technical alarms now; one that was there already says nothing new."""
        began = failure is not None and failure is not self._failure and self._failure_known
        in_cycle = failure is not None and (self._settling is not None or self._measuring)
        repeated = failure is self._failure
        self._failure, self._failure_known = failure, True
        if failure is None or not (began or (in_cycle and not repeated)):
            return []
        return self._ended(NibpResult(None, None, None, failure=failure))

    def _first_sight(
        self, record: CuffRecord, ticks: int, now_s: float | None, pulse: float | None
    ) -> list[Signal]:
        if record.key is None:
            self._first_ticks = ticks if self._first_ticks is None else self._first_ticks
            self._seen = (ticks - self._first_ticks) % _WRAP >= _NEW_AFTER_TICKS
            return []
        self._seen, self._key = True, record.key
        if not record.readable:
            return []
        if not self._live or self._is_new(record, now_s):
            return self._result(record, pulse)
        text = (
            f"{_mmhg(record.systolic_mmhg)}/{_mmhg(record.diastolic_mmhg)} ({_mmhg(record.mean_mmhg)}) mmHg"
        )
        taken = "" if record.key is None else f", taken at {record.key[4]:02x}:{record.key[5]:02x}"
        held = NibpResult(record.systolic_mmhg, record.diastolic_mmhg, record.mean_mmhg)
        detail = f"{text}{taken} by the monitor's clock"
        return [DeviceStatus("NIBP_HELD", active=True, detail=detail, held=held)]

    def _is_new(self, record: CuffRecord, now_s: float | None) -> bool:
        since = self.since
        if since is None or now_s is None or record.taken_s is None or record.key == since.key:
            return False
        return since.heard_s <= record.taken_s and abs(now_s - record.taken_s) <= FRESH_S

    def _result(self, record: CuffRecord, pulse: float | None) -> list[Signal]:
        result = NibpResult(
            record.systolic_mmhg,
            record.diastolic_mmhg,
            record.mean_mmhg,
            pulse_per_min=pulse,
            questionable=record.questionable,
            device_time_s=record.taken_s,
        )
        return self._ended(result)

    def _ended(self, result: NibpResult) -> list[Signal]:
        self._settling, self._measuring = None, False
        told, self._told = self._told, False
        return [result, _IDLE] if told else [result]

    def _settle(self, ticks: int) -> list[Signal]:
        if self._settling is None or (ticks - self._settling[0]) % _WRAP < SETTLE_TICKS:
            return []
        # An alarm that stands since an earlier failure names this one too.
        failure = self._failure or self._settling[1]
        return self._ended(NibpResult(None, None, None, failure=failure))


def _mmhg(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f}"
