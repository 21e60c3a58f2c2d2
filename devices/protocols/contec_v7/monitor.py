"""An emulated oximeter with protocol V7.0: the device's end of the wire (protocols.md §7.2, §12)."""

import math
import re
from dataclasses import replace

import numpy as np

from devices.patient import PatientNumerics, PatientSource, SensorState
from devices.protocols.contec_v7.commands import Command
from devices.protocols.contec_v7.identity import SIMULATOR_IDENTITY, encode_identity
from devices.protocols.contec_v7.realtime import NO_WAVE, PLETH_RATE_HZ, RealTime, encode_frame
from devices.protocols.contec_v7.records import FRAME_BYTES, RecordType, encode_record, restore

KEEP_ALIVE_TIMEOUT_S = 50.0
"""Without a keep-alive it stops "in under a minute" (protocols.md §7.2)."""
_NUMBERS_EVERY = round(PLETH_RATE_HZ)  # frames
_COMMAND = re.compile(rb"\x7d[\x80-\xff]{8}")
_IDLE = encode_record(RecordType.IDLE, b"")
_OK, _NOT_SUPPORTED = 0, 5
_SETTINGS = frozenset({0xB1, 0xB2})  # time and date
_LONG_SEARCH_S = 30
_DROP_PERCENT, _DROP_WINDOW_S = 4, 30
"""How far within what time SpO2 must fall to be called dropping: the emulator's own choice."""
_FULL_STRENGTH = 8
_BAR_STEPS = 15


class ContecV7Monitor:
    """A freshly switched-on oximeter with its probe on a patient. Silent until asked.

    Frames go out at 60 a second from the start command until a stop or until no keep-alive has come for 50 s; numbers
    change once a second. Sample k of the wave is the patient's at k/60 s. Nothing in it is left to chance.
    """

    def __init__(self, patient: PatientSource, *, seed: int) -> None:
        del seed
        self._patient = patient
        self._heard = b""
        self._replies: list[bytes] = []
        self._now_s = 0.0
        self._next: int | None = None  # the sample that comes next, None while idle
        self._first = 0
        self._alive_s = 0.0
        self._values = RealTime(None, None, None, 0)
        self._searching_s = 0
        self._history: list[float] = []

    def receive(self, data: bytes) -> None:
        """See ``MonitorSide``. Commands take effect at the instant last advanced to."""
        heard = self._heard + data
        end = 0
        for found in _COMMAND.finditer(heard):
            end = found.end()
            self._obey(restore(found[0])[0])
        self._heard = heard[max(end, len(heard) - FRAME_BYTES + 1) :]

    def advance(self, until_s: float) -> bytes:
        """See ``MonitorSide``."""
        sent, self._replies = self._replies, []
        while self._next is not None:
            ends_s = self._alive_s + KEEP_ALIVE_TIMEOUT_S
            sent.append(self._frames(min(until_s, ends_s)))
            if until_s < ends_s:
                break
            self._next = None
            sent.append(encode_record(RecordType.DISCONNECTED, b"\0"))
        self._patient.advance(max(until_s, self._now_s))
        self._now_s = max(until_s, self._now_s)
        return b"".join(sent)

    def _obey(self, command: int) -> None:
        if command == Command.START:
            self._alive_s = self._now_s
            if self._next is None:
                self._first = self._next = math.ceil(self._now_s * PLETH_RATE_HZ - 1e-6)
        elif command == Command.KEEP_ALIVE:
            self._alive_s = self._now_s
        elif command in (Command.STOP, Command.STOP_STORED):
            if command == Command.STOP:
                self._next = None
            self._replies.append(_IDLE)
        elif command == Command.IDENTITY:
            self._replies.append(encode_identity(SIMULATOR_IDENTITY))
        elif command == Command.PI_SUPPORT:
            self._replies.append(encode_record(RecordType.PI_SUPPORT, b"\x01"))
        else:
            answer = _OK if command in _SETTINGS else _NOT_SUPPORTED
            self._replies.append(encode_record(RecordType.STATUS, bytes((answer,))))

    def _frames(self, until_s: float) -> bytes:
        """Return the frames of every sample before ``until_s``, second by second because numbers change with each."""
        assert self._next is not None
        end = math.ceil(until_s * PLETH_RATE_HZ - 1e-6)
        frames: list[bytes] = []
        while self._next < end:
            into = (self._next - self._first) % _NUMBERS_EVERY
            if into == 0:
                self._patient.advance(max(self._now_s, self._next / PLETH_RATE_HZ))
                self._measure(self._patient.numerics(), self._patient.sensors())
            stop = min(end, self._next + _NUMBERS_EVERY - into)
            self._now_s = max(self._now_s, min(until_s, stop / PLETH_RATE_HZ))
            self._patient.advance(self._now_s)
            frames += self._samples(self._next, stop - self._next)
            self._next = stop
        return b"".join(frames)

    def _samples(self, first: int, count: int) -> list[bytes]:
        values = self._values
        wave = self._patient.wave("PLETH", PLETH_RATE_HZ, first, count)
        sensors = self._patient.sensors()
        off = values.probe_error or sensors.spo2_finger_out or sensors.spo2_probe_unplugged
        if wave is None or off:
            return [encode_frame(values, NO_WAVE, 0)] * count
        shares = np.clip(np.nan_to_num(wave, nan=0.5), 0.0, 1.0)
        begin_s = first / PLETH_RATE_HZ
        beats_s = self._patient.beats_between(begin_s, begin_s + count / PLETH_RATE_HZ)
        beeps = set(np.floor((beats_s - begin_s) * PLETH_RATE_HZ + 1e-6).astype(int).tolist())
        quiet, beeping = values, replace(values, beep=True)
        waves, bars = np.rint(shares * 127).astype(int), np.rint(shares * _BAR_STEPS).astype(int)
        return [
            encode_frame(beeping if k in beeps else quiet, sample, bar)
            for k, (sample, bar) in enumerate(zip(waves.tolist(), bars.tolist(), strict=True))
        ]

    def _measure(self, numbers: PatientNumerics, sensors: SensorState) -> None:
        """Take the numbers that the next second shows."""
        nothing = numbers.spo2_percent is None and numbers.pr_per_min is None
        if sensors.spo2_finger_out or sensors.spo2_probe_unplugged:
            self._searching_s = 0
            self._history.clear()
            self._values = RealTime(None, None, None, 0, probe_error=True, searching=True)
            return
        self._searching_s = self._searching_s + 1 if nothing else 0
        perfusion = numbers.perfusion_index_percent
        self._values = RealTime(
            pulse_per_min=_rounded(numbers.pr_per_min, 254),
            spo2_percent=_rounded(numbers.spo2_percent, 100),
            perfusion_percent=None if perfusion is None else round(min(max(perfusion, 0.0), 100.0), 2),
            strength=round(_FULL_STRENGTH * (1 - sensors.motion)) if not nothing else 0,
            searching=nothing,
            long_search=self._searching_s > _LONG_SEARCH_S,
            dropping=self._drops(numbers.spo2_percent),
        )

    def _drops(self, spo2_percent: float | None) -> bool:
        if spo2_percent is None:
            self._history.clear()
            return False
        self._history = [*self._history[1 - _DROP_WINDOW_S :], spo2_percent]
        return max(self._history) - spo2_percent >= _DROP_PERCENT


def _rounded(value: float | None, highest: int) -> int | None:
    return None if value is None else min(highest, max(1, round(value)))
