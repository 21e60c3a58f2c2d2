"""An emulated Nonin oximeter: the monitor's end of the wire (protocols.md §5, §12)."""

import math

import numpy as np

from devices.patient import PatientSource
from devices.protocols.device_time import SEEDED_START_S, CivilTime, civil_time
from devices.protocols.nonin.commands import (
    ACKNOWLEDGED,
    REFUSED,
    FormatRequest,
    RequestReader,
    TimeRequest,
    time_reply,
)
from devices.protocols.nonin.encoder import (
    frame_f1,
    frame_f8,
    header,
    line,
    packet_floats,
    perfusion,
    spot_record,
    wave_status,
)
from devices.protocols.nonin.frames import Dialect, wave_frame_f2, wave_frame_f7
from devices.protocols.nonin.oximeter import Oximeter, Shown
from devices.protocols.nonin.packet import FRAMES
from devices.protocols.nonin.pleth import PLETH_RATE_HZ

ASK_WINDOW_S = 5.0
"""A request for a format is heard only so long after connecting (protocols.md §5.1)."""
SPOT_S = 10
"""Seconds of good readings that make the emulator's spot check; the maker names no figure."""
_PULSE_FRAMES = 12  # lit per pulse (protocols.md §5.3)
_LONGEST_STEP_S = 60.0
_WAVES = (Dialect.F2, Dialect.F7)
_SET_ON_DEVICE = (Dialect.F1, Dialect.LINE)


class NoninMonitor:
    """An oximeter with its sensor on a patient. It speaks unasked, in ``dialect``, from the moment it has power.

    Format 2 is what it starts with; a host may ask for 2, 7, 8 or 13 within 5 s of its first step. One set to format 1 or
    the printout is an older model that hears nothing. Whoever steps it a minute and more at once gets the last minute.
    """

    def __init__(self, patient: PatientSource, *, seed: int, dialect: Dialect = Dialect.F2) -> None:
        self._patient = patient
        self._oximeter = Oximeter(patient, np.random.default_rng(seed))
        self._requests = RequestReader()
        self._dialect = dialect
        self._now_s = 0.0
        self._connected_s: float | None = None
        self._clock_s = SEEDED_START_S  # what its clock shows, less patient time
        self._replies: list[bytes] = [header(self._time(0.0))] if dialect is Dialect.LINE else []
        self._steady_s = 0
        self._packet_zero = 0  # the sample a packet began with, for the grid of SYNCs
        self._shown: Shown | None = None
        self._floats = bytes(FRAMES)

    def receive(self, data: bytes) -> None:
        """See ``MonitorSide``. What cannot be done is refused, what comes too late is not answered."""
        if self._dialect in _SET_ON_DEVICE:
            return
        for request in self._requests.feed(data):
            if isinstance(request, FormatRequest):
                self._choose(request.dialect)
            else:
                self._tell_time(request)

    def advance(self, until_s: float) -> bytes:
        """See ``MonitorSide``."""
        sent = self._replies
        self._replies = []
        start_s = max(self._now_s, until_s - _LONGEST_STEP_S)
        if self._dialect in _WAVES:
            sent += self._wave_frames(start_s, until_s)
        else:
            sent += self._readings(start_s, until_s)
        self._now_s = max(self._now_s, until_s)
        self._patient.advance(self._now_s)
        if self._connected_s is None:
            self._connected_s = self._now_s
        return b"".join(sent)

    def _choose(self, dialect: Dialect | None) -> None:
        if self._now_s - (self._connected_s or 0.0) > ASK_WINDOW_S:
            return
        if dialect is None:
            self._replies.append(REFUSED)
            return
        self._replies.append(ACKNOWLEDGED)
        if dialect is not self._dialect:
            self._dialect = dialect
            self._shown = None
            self._packet_zero = _samples_before(self._now_s)

    def _tell_time(self, request: TimeRequest) -> None:
        new = request.new_time
        if new is None:
            self._replies.append(time_reply(self._time(self._now_s)))
        elif new.valid:
            self._clock_s = new.posix_s - self._now_s
            self._replies.append(ACKNOWLEDGED)
        else:
            self._replies.append(REFUSED)

    def _time(self, at_s: float) -> CivilTime:
        return civil_time(self._clock_s + at_s)

    def _readings(self, start_s: float, until_s: float) -> list[bytes]:
        """Return what is sent once a second, on the second."""
        sent = []
        for second in range(math.floor(start_s) + 1, math.floor(until_s) + 1):
            shown = self._oximeter.look(float(second))
            if self._dialect is Dialect.F13:
                sent += self._spot_check(shown, float(second))
            else:
                sent.append({Dialect.F1: frame_f1, Dialect.F8: frame_f8}.get(self._dialect, line)(shown))
        return sent

    def _spot_check(self, shown: Shown, at_s: float) -> list[bytes]:
        """Return the record of a finished measurement, once for each finger."""
        self._steady_s = self._steady_s + 1 if shown.steady else 0 if shown.off else self._steady_s
        return [spot_record(shown, self._time(at_s))] if shown.steady and self._steady_s == SPOT_S else []

    def _wave_frames(self, start_s: float, until_s: float) -> list[bytes]:
        first, end = _samples_before(start_s), _samples_before(until_s)
        shown, floats = self._shown, self._floats
        packets = {
            k: self._new_packet(k)
            for k in range(first, end)
            if self._shown is None or (k - self._packet_zero) % FRAMES == 0
        }
        self._patient.advance(until_s)
        top = 255 if self._dialect is Dialect.F2 else 65535
        build = wave_frame_f2 if self._dialect is Dialect.F2 else wave_frame_f7
        pleth = self._pleth(first, end - first, top)
        lit = self._lit(first, end - first)
        frames = []
        for k, sample, pulse in zip(range(first, end), pleth, lit, strict=True):
            shown, floats = packets.get(k, (shown, floats))
            assert shown is not None
            place = (k - self._packet_zero) % FRAMES
            status = wave_status(shown) | (place == 0)
            if pulse and not shown.off and not shown.searching:
                status |= perfusion(shown)
            frames.append(build(status, 0 if shown.off else sample, floats[place]))
        self._shown, self._floats = shown, floats
        return frames

    def _new_packet(self, k: int) -> tuple[Shown, bytes]:
        at_s = k / PLETH_RATE_HZ
        self._shown = shown = self._oximeter.look(at_s)
        return shown, packet_floats(shown, (k - self._packet_zero) // FRAMES + 1)

    def _pleth(self, first: int, count: int, top: int) -> list[int]:
        wave = self._patient.wave("PLETH", PLETH_RATE_HZ, first, count)
        if wave is None:
            return [0] * count
        counts = np.rint(np.nan_to_num(np.clip(wave, 0.0, 1.0)) * top)
        return [int(value) for value in counts.tolist()]

    def _lit(self, first: int, count: int) -> list[bool]:
        """Return for each frame whether it is one of the 12 after a pulse."""
        start_s = max(0.0, (first - _PULSE_FRAMES) / PLETH_RATE_HZ)
        lit = [False] * count
        for at_s in self._patient.beats_between(start_s, (first + count) / PLETH_RATE_HZ).tolist():
            begins = _samples_before(at_s) - first
            for place in range(max(0, begins), min(count, begins + _PULSE_FRAMES)):
                lit[place] = True
        return lit


def _samples_before(time_s: float) -> int:
    """Count the samples k with k/75 before an instant; a hair's breadth of rounding does not make one early."""
    return math.ceil(time_s * PLETH_RATE_HZ - 1e-6)
