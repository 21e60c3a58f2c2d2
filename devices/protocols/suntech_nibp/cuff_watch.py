"""The cuff as the module's frames alone tell of it: what a recorded capture needs.

A measurement is received ("O"), done ("K"), and its result follows. A result record is the answer to a question, so it
is a *new* reading only after a measurement was seen; asked for again it is the old one (protocols.md §10).
"""

from devices.protocols.suntech_nibp.messages import (
    Answer,
    CuffPressure,
    ErrorNote,
    Message,
    Reading,
    result_of,
)
from devices.signals import DeviceStatus, NibpFailure, NibpPhase, NibpProgress, NibpResult, Signal

INFLATED_MMHG = 30
"""More than a resting cuff ever holds: somebody is measuring."""
_IDLE = NibpProgress(NibpPhase.IDLE)


class CuffWatch:
    """Turns messages into progress and results; holds no time."""

    def __init__(self) -> None:
        self._measuring = False
        self._shown_mmhg: int | None = None
        self._told: Reading | None = None
        self._errors = ErrorNote()

    def step(self, message: Message) -> list[Signal]:
        """Take the next message, return what it means."""
        if isinstance(message, Reading):
            return self._reading(message)
        if isinstance(message, CuffPressure):
            return self._pressure(message.mmhg)
        if message is Answer.RECEIVED and not self._measuring:
            return self._begun(None)
        if message is Answer.ABORTED and self._measuring:
            return self._ended([NibpResult(None, None, None, failure=NibpFailure.STOPPED)])
        return []

    def _begun(self, mmhg: int | None) -> list[Signal]:
        self._measuring = True
        self._shown_mmhg = mmhg
        return [NibpProgress(NibpPhase.MEASURING, mmhg)]

    def _pressure(self, mmhg: int) -> list[Signal]:
        if not self._measuring:
            return self._begun(mmhg) if mmhg >= INFLATED_MMHG else []
        if mmhg == self._shown_mmhg:
            return []
        self._shown_mmhg = mmhg
        return [NibpProgress(NibpPhase.MEASURING, mmhg)]

    def _reading(self, reading: Reading) -> list[Signal]:
        repeated, self._told = reading == self._told, reading
        if self._measuring:
            return self._ended([*self._errors.take(reading), result_of(reading)])
        return [] if repeated else held(reading)

    def _ended(self, said: list[Signal]) -> list[Signal]:
        self._measuring = False
        return [*said, _IDLE]


def held(reading: Reading) -> list[Signal]:
    """Say what the module still has from before; of unknown age, so never a result."""
    if reading == Reading():
        return []
    result = result_of(reading)
    if result.failure is not None:
        return [DeviceStatus("NIBP_HELD", active=True, detail=result.failure.value, held=result)]
    text = f"{reading.systolic_mmhg}/{reading.diastolic_mmhg} ({reading.mean_mmhg}) mmHg, time unknown"
    return [DeviceStatus("NIBP_HELD", active=True, detail=text, held=result)]
