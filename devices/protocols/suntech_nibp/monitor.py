"""An emulated SunTech module: the module's end of the wire (protocols.md §8.1, §12)."""

import numpy as np

from devices.patient import PatientSource
from devices.protocols.suntech_nibp.cuff_model import CuffModel
from devices.protocols.suntech_nibp.frames import HostFrameReader
from devices.protocols.suntech_nibp.messages import (
    ABORT,
    GET_PRESSURE,
    GET_RESULT,
    GET_STATUS,
    RESET,
    START,
    START_STREAMING,
    Answer,
    encode_answer,
    encode_pressure,
    encode_reading,
)

_STEPS_PER_S = 10
"""How finely the cuff is watched; a pressure is streamed at every second step (five a second; not published)."""
_ROUNDING_S = 1e-9  # patient time is a sum of steps
_SLEEP_S = 300.0
"""Unasked for so long, it sleeps; the next command only wakes it. The time is the emulator's own choice."""


class SuntechMonitor:
    """A freshly switched-on module with its cuff on a patient. Silent until asked, but for the "K" at the end of a cycle.

    The cuff is watched at multiples of 0.1 s, so how finely the module is stepped changes nothing.
    """

    def __init__(self, patient: PatientSource, *, seed: int) -> None:
        self._patient = patient
        self._cuff = CuffModel(patient, np.random.default_rng(seed))
        self._reader = HostFrameReader()
        self._replies: list[bytes] = []
        self._now_s = 0.0
        self._steps = 0
        self._heard_s = 0.0
        self._streaming = False

    def receive(self, data: bytes) -> None:
        """See ``MonitorSide``. Commands take effect at the instant last advanced to."""
        for command in self._reader.feed(data):
            if self._now_s - self._heard_s >= _SLEEP_S and not self._cuff.running:
                self._answer(Answer.ASLEEP)
            else:
                self._obey(command)
            self._heard_s = self._now_s

    def advance(self, until_s: float) -> bytes:
        """See ``MonitorSide``."""
        while (step_s := (self._steps + 1) / _STEPS_PER_S) <= until_s + _ROUNDING_S:
            self._steps += 1
            if self._cuff.running:
                self._patient.advance(max(self._now_s, min(step_s, until_s)))
                self._watch(step_s)
        self._now_s = max(self._now_s, until_s)
        self._patient.advance(self._now_s)
        sent, self._replies = self._replies, []
        return b"".join(sent)

    def _watch(self, at_s: float) -> None:
        if self._cuff.step(at_s):
            self._answer(Answer.DONE)
            self._streaming = False
        elif self._streaming and self._steps % 2 == 0:
            self._replies.append(encode_pressure(self._cuff.pressure_mmhg(at_s)))

    def _obey(self, command: bytes) -> None:
        if command in (START[1:-1], START_STREAMING[1:-1]):
            self._start(streaming=command == START_STREAMING[1:-1])
        elif command == ABORT[1:-1]:
            self._let_go()
            self._answer(Answer.ABORTED)
        elif command == RESET[1:-1]:
            self._let_go()
            self._answer(Answer.RECEIVED)
        elif command == GET_PRESSURE[1:-1]:
            self._replies.append(encode_pressure(self._cuff.pressure_mmhg(self._now_s)))
        elif command == GET_RESULT[1:-1] and not self._cuff.running:
            self._replies.append(encode_reading(self._cuff.reading))
        elif command in (GET_STATUS[1:-1], GET_RESULT[1:-1]):
            self._answer(Answer.BUSY if self._cuff.running else Answer.DONE)

    def _start(self, *, streaming: bool) -> None:
        if self._cuff.running or self._cuff.venting(self._now_s):
            self._answer(Answer.BUSY)
            return
        self._cuff.start(self._now_s)
        self._streaming = streaming
        self._answer(Answer.RECEIVED)

    def _let_go(self) -> None:
        self._cuff.stop(self._now_s)
        self._streaming = False

    def _answer(self, answer: Answer) -> None:
        self._replies.append(encode_answer(answer))
