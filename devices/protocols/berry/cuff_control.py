"""The host's side of the cuff: one measurement at a time, never without an end (protocols.md §1.2, §10)."""

from devices.clock import NS_PER_S
from devices.protocols.berry.commands import (
    NIBP_START,
    NIBP_STOP,
    TARGET_RANGE_MMHG,
    NibpPatient,
    nibp_patient,
    nibp_target,
)
from devices.protocols.berry.cuff_watch import CuffFrame, CuffWatch
from devices.signals import NibpFailure, NibpPhase, NibpProgress, NibpResult, Signal

ANSWER_NS = 5 * NS_PER_S
"""A start that changes nothing within this time was not heard; the monitor acknowledges no command."""
TIMEOUT_NS = 90 * NS_PER_S
"""Longest measurement (protocols.md §1.4)."""
STOP_ANSWER_NS = 3 * NS_PER_S
"""A stopped cuff reports its end within this time, or the stop is sent again."""
MARGIN_MMHG = 30
"""Inflating 30 mmHg above the last systolic is common practice in oscillometric monitors."""


def next_target_mmhg(last_systolic_mmhg: float | None) -> int:
    """Choose the first inflation pressure: 150 mmHg, or 30 above a last systolic of more than 120, at most 300.

    150 is the manual's default and 300 its limit for an adult (protocols.md §1.2); the margin is common practice.
    """
    _, high, default = TARGET_RANGE_MMHG[NibpPatient.ADULT]
    if last_systolic_mmhg is None:
        return default
    return min(high, max(default, round(last_systolic_mmhg) + MARGIN_MMHG))


class CuffControl:
    """Starts, watches, stops and times out measurements. Also reports those somebody started at the monitor.

    ``on_frame`` takes what the decoder heard; ``poll`` does what time brings and must be called before ``take_signals``
    and ``take_bytes``.
    """

    def __init__(self, last_systolic_mmhg: float | None = None) -> None:
        self.last_systolic_mmhg = last_systolic_mmhg
        self._watch = CuffWatch()
        self._heard_ns = 0
        self._requested_ns: int | None = None  # our start, until its end is reported
        self._active_ns: int | None = None  # when the running measurement was first seen
        self._stopped_ns: int | None = None  # our last stop, while its effect is awaited
        self._signals: list[Signal] = []
        self._to_send = b""

    @property
    def busy(self) -> bool:
        """Whether a measurement was asked for or is running."""
        return self._requested_ns is not None or self._watch.active or self._watch.overrunning

    def start(self, now_ns: int) -> bytes:
        """Return patient type, target and start; nothing while a measurement is running."""
        if self.busy:
            return b""
        self._requested_ns = now_ns
        self._stopped_ns = None
        self._watch.expect()
        # The board keeps the target for one measurement only.
        target = nibp_target(next_target_mmhg(self.last_systolic_mmhg))
        return nibp_patient(NibpPatient.ADULT) + target + NIBP_START

    def stop(self, now_ns: int) -> bytes:
        """Return the stop; it does no harm while idle."""
        if self.busy:
            self._stopped_ns = now_ns
        return NIBP_STOP

    def on_frame(self, frame: CuffFrame, now_ns: int) -> list[Signal]:
        """Take a cuff frame heard at ``now_ns``, return what it means."""
        self._heard_ns = now_ns
        said = [self._own_stop(signal) for signal in self._watch.step(frame)]
        if not self._watch.active:
            self._active_ns = None
        elif self._active_ns is None:
            self._active_ns = now_ns
        for signal in said:
            if isinstance(signal, NibpResult):
                self._requested_ns = self._stopped_ns = None
                self.last_systolic_mmhg = signal.systolic_mmhg or self.last_systolic_mmhg
            elif signal == NibpProgress(NibpPhase.IDLE) and self._requested_ns is not None:
                # It only initialised itself: it is there, and the wait for its answer begins anew.
                self._requested_ns = now_ns
        return said

    def poll(self, now_ns: int) -> None:
        """Let time do its work: unanswered starts, overlong measurements, stops that were not obeyed."""
        if self._watch.overrunning and now_ns - self._heard_ns >= ANSWER_NS:
            self._watch.release()  # some boards may send cuff frames only while measuring: the last one was missed
        if self._stopped_ns is not None and now_ns - self._stopped_ns >= STOP_ANSWER_NS:
            self._stop_unanswered(now_ns)
        elif self._watch.active:
            begun_ns = self._requested_ns if self._requested_ns is not None else self._active_ns
            if begun_ns is not None and now_ns - begun_ns >= TIMEOUT_NS:
                self._fail(NibpFailure.TIMED_OUT, now_ns)
        elif self._requested_ns is not None and now_ns - self._requested_ns >= ANSWER_NS:
            self._fail(NibpFailure.NO_ANSWER, now_ns)

    def take_signals(self) -> list[Signal]:
        """Return what ``poll`` found, once."""
        signals, self._signals = self._signals, []
        return signals

    def take_bytes(self) -> bytes:
        """Return what ``poll`` wants sent, once."""
        data, self._to_send = self._to_send, b""
        return data

    def _own_stop(self, signal: Signal) -> Signal:
        """Name an end without values after our own stop what it is."""
        if self._stopped_ns is None or not isinstance(signal, NibpResult) or signal.failure is None:
            return signal
        return NibpResult(None, None, None, failure=NibpFailure.STOPPED)

    def _stop_unanswered(self, now_ns: int) -> None:
        if self._watch.active or self._requested_ns is not None:
            self._fail(NibpFailure.STOPPED, now_ns)
        elif self._watch.overrunning:
            self._to_send += NIBP_STOP
            self._stopped_ns = now_ns
        else:
            self._stopped_ns = None

    def _fail(self, failure: NibpFailure, now_ns: int) -> None:
        """Report the end ourselves and make sure that the cuff lets go of the arm."""
        self._signals.append(NibpResult(None, None, None, failure=failure))
        self._watch.give_up()
        self._requested_ns = self._active_ns = None
        self._to_send += NIBP_STOP
        self._stopped_ns = now_ns
