"""The cuff as its status frames tell of it: when a measurement began, and how it ended.

State 0 means both "done" and "idle" and is repeated for ever (protocols.md §1.3), so a result is a *transition*, never a
frame: measuring → terminal. The watch holds no time and sends nothing; the host's side of it is ``cuff_control``.

=============  ===============================  ==============================================
was            frame                            says
=============  ===============================  ==============================================
idle           1 (9, A when a start was sent)   progress MEASURING with the cuff pressure
idle           9, A unasked                     nothing: the unit initialises itself at power-on
measuring      1, 9, A                          progress, when the pressure moved
measuring      0 with values                    result, idle
measuring      7 with values                    result marked questionable, idle
measuring      2-8, or 0 without values         failure with its cause, idle
initialising   0 without values                 idle: nothing was measured yet
idle           the same terminal frame          nothing: it is repeated
idle           a new failure (not 2), or values that result: the frames in between were lost
               never seen before
given up       any up to the next terminal      nothing, then idle: its end was reported already
=============  ===============================  ==============================================
"""

from dataclasses import dataclass
from enum import IntEnum

from devices.signals import DeviceStatus, NibpFailure, NibpPhase, NibpProgress, NibpResult, Signal


class CuffState(IntEnum):
    """Bits 5..2 of the NIBP status byte (protocols.md §1.3)."""

    DONE = 0
    MEASURING = 1
    STOPPED = 2
    OVER_PRESSURE = 3
    CUFF_LOOSE = 4
    TIMED_OUT = 5
    ERROR = 6
    INTERFERENCE = 7
    OUT_OF_RANGE = 8
    INITIALISING = 9
    INITIALISED = 10


FAILURE_OF_STATE: dict[int, NibpFailure] = {
    CuffState.DONE: NibpFailure.ERROR,  # only when it brings no values
    CuffState.STOPPED: NibpFailure.STOPPED,
    CuffState.OVER_PRESSURE: NibpFailure.OVER_PRESSURE,
    CuffState.CUFF_LOOSE: NibpFailure.CUFF_LOOSE,
    CuffState.TIMED_OUT: NibpFailure.TIMED_OUT,
    CuffState.ERROR: NibpFailure.ERROR,
    CuffState.INTERFERENCE: NibpFailure.MOTION,  # only when it brings no values
    CuffState.OUT_OF_RANGE: NibpFailure.OUT_OF_RANGE,
}
INITIAL_STATES = frozenset({CuffState.INITIALISING, CuffState.INITIALISED})
READING_STATES = frozenset({CuffState.DONE, CuffState.INTERFERENCE})
_IDLE = NibpProgress(NibpPhase.IDLE)


@dataclass(frozen=True, slots=True)
class CuffFrame:
    """One NIBP frame. Pressures in mmHg as sent: 0 where there is none."""

    state: int
    patient: int  # 0 adult, 1 child, 2 neonate
    cuff_mmhg: int
    systolic_mmhg: int
    mean_mmhg: int
    diastolic_mmhg: int

    @property
    def values(self) -> tuple[int, int, int] | None:
        """Systolic, mean and diastolic if it carries a reading; while inflating all three are 0."""
        if self.systolic_mmhg == 0 or self.diastolic_mmhg == 0:
            return None
        return self.systolic_mmhg, self.mean_mmhg, self.diastolic_mmhg

    @property
    def known(self) -> bool:
        """Whether the state is one the manual lists."""
        return self.state <= CuffState.INITIALISED


def parse_cuff(body: bytes) -> CuffFrame:
    """Read a body of type 03 with its five data bytes: status, cuff/2, SYS, MEAN, DIA."""
    status, cuff, systolic, mean, diastolic = body[1:6]
    return CuffFrame((status >> 2) & 0x0F, status & 0x03, cuff * 2, systolic, mean, diastolic)


def cuff_result(frame: CuffFrame) -> NibpResult:
    """Read a terminal frame: its reading, or the cause of its failure."""
    if frame.state in READING_STATES and frame.values is not None:
        return NibpResult(
            float(frame.systolic_mmhg),
            float(frame.diastolic_mmhg),
            float(frame.mean_mmhg) if frame.mean_mmhg else None,
            questionable=frame.state == CuffState.INTERFERENCE,
        )
    return NibpResult(None, None, None, failure=FAILURE_OF_STATE[frame.state])


class CuffWatch:
    """Turns cuff frames into progress and results; see the table above. Used with and without a host."""

    def __init__(self) -> None:
        self._expecting = False
        self._active = False
        self._measured = False  # state 1 was seen in this cycle
        self._given_up = False
        self._idle_state: int | None = None
        self._values: tuple[int, int, int] | None = None  # the last reading seen, new or old
        self._shown_mmhg: int | None = None

    @property
    def active(self) -> bool:
        """Whether a measurement is running whose end has not been reported."""
        return self._active

    @property
    def overrunning(self) -> bool:
        """Whether the cuff is still at work on a measurement that was given up."""
        return self._given_up

    def expect(self) -> None:
        """Take initialising frames as the beginning of a measurement: a start has been sent."""
        self._expecting = True

    def give_up(self) -> None:
        """Forget the running or expected measurement: its end has been reported by somebody else."""
        self._given_up = self._active
        self._expecting = self._active = self._measured = False

    def release(self) -> None:
        """Take a cuff that was given up for idle: nothing has been heard of it for long."""
        self._given_up = False

    def step(self, frame: CuffFrame) -> list[Signal]:
        """Take the next frame, return what it means."""
        if not frame.known:
            return []
        initial = frame.state in INITIAL_STATES
        if frame.state == CuffState.MEASURING or (initial and (self._expecting or self._active)):
            return [] if self._given_up else self._progress(frame, measured=not initial)
        if initial:
            return []
        return self._terminal(frame)

    def _progress(self, frame: CuffFrame, *, measured: bool) -> list[Signal]:
        self._measured |= measured
        if self._active and frame.cuff_mmhg == self._shown_mmhg:
            return []
        self._active = True
        self._shown_mmhg = frame.cuff_mmhg
        return [NibpProgress(NibpPhase.MEASURING, frame.cuff_mmhg)]

    def _terminal(self, frame: CuffFrame) -> list[Signal]:
        idle_state, self._idle_state = self._idle_state, frame.state
        values, self._values = self._values, frame.values or self._values
        if self._given_up:
            self._given_up = False
            return [_IDLE]
        if self._active:
            return self._ended(frame)
        if idle_state is None:
            return _held_at_start(frame)
        if frame.state == CuffState.DONE:
            unseen = frame.values not in (None, values)
        else:
            # Some units answer a stop with "stopped" although nothing was running.
            unseen = frame.state not in (idle_state, CuffState.STOPPED)
        if not unseen:
            return []
        self._expecting = False
        return [cuff_result(frame)]

    def _ended(self, frame: CuffFrame) -> list[Signal]:
        only_initialised = not self._measured and frame.state == CuffState.DONE and frame.values is None
        self._active = self._measured = False
        if only_initialised:
            return [_IDLE]
        self._expecting = False
        return [cuff_result(frame), _IDLE]


def _held_at_start(frame: CuffFrame) -> list[Signal]:
    """Say what the unit still shows from before we listened; of unknown age, so never a result."""
    if frame.state == CuffState.DONE and frame.values is None:
        return []
    result = cuff_result(frame)
    if result.failure is not None:
        return [DeviceStatus("NIBP_HELD", active=True, detail=result.failure.value, held=result)]
    text = f"{frame.systolic_mmhg}/{frame.diastolic_mmhg} ({frame.mean_mmhg}) mmHg, time unknown"
    return [DeviceStatus("NIBP_HELD", active=True, detail=text, held=result)]
