"""An emulated DRI monitor at 19200 baud: the monitor's end of the wire (protocols.md §2, §12).

The protocol has no model text, so it cannot name itself: only the transport says that nobody is at its other end.
"""

from collections.abc import Sequence

import numpy as np

from devices.clock import SEEDED_START_UTC
from devices.patient import PatientSource
from devices.protocols.datex_dri.alarm_model import AlarmModel
from devices.protocols.datex_dri.alarms import STATUS_TYPE
from devices.protocols.datex_dri.cuff_model import CuffModel
from devices.protocols.datex_dri.frames import FrameReader, encode_frame
from devices.protocols.datex_dri.numeric_sender import LEVEL, NumericSender
from devices.protocols.datex_dri.records import MainType, build_record, parse_record
from devices.protocols.datex_dri.requests import (
    LEAST_INTERVAL_S,
    ONCE,
    SECOND_SINGLE_AFTER_S,
    STOP_INTERVAL,
    AlarmsRequest,
    NumericsRequest,
    RecordType,
    WavesRequest,
    parse_request,
)
from devices.protocols.datex_dri.wave_sender import ChannelPlan, WaveSender

_NEVER = float("inf")
_START_S = int(SEEDED_START_UTC.timestamp())


class DatexDriMonitor:
    """A freshly switched-on monitor with its sensors on a patient. Silent until it is asked; its cuff is on manual.

    Displayed values come at once and then at the interval asked for, whole seconds from 1. Trends are refused: they need
    a case started on the monitor. Its clock starts at the wall time of every seeded run.
    """

    def __init__(self, patient: PatientSource, *, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self._patient = patient
        self._plan = ChannelPlan(patient.wave_names)
        self._cuff = CuffModel(patient, rng)
        self._waves = WaveSender(patient, self._plan, rng)
        self._numerics = NumericSender(patient, self._cuff, self._plan)
        self._alarms = AlarmModel(patient, self._cuff, self._plan)
        self._reader = FrameReader()
        self._now_s = 0.0
        self._clock_s = _START_S
        self._numbers: dict[MainType, int] = {}
        self._interval_s = 0
        self._classes = 0
        self._next_numerics_s = _NEVER
        self._single: tuple[float, int] | None = None  # when it is due, and its classes
        self._last_single_s = -_NEVER

    def receive(self, data: bytes) -> None:
        """See ``MonitorSide``. Requests take effect at the instant last advanced to."""
        for raw in self._reader.feed(data):
            record = parse_record(raw)
            request = None if record is None else parse_request(record)
            if isinstance(request, NumericsRequest):
                self._ask_numerics(request)
            elif isinstance(request, WavesRequest):
                self._ask_waves(request)
            elif isinstance(request, AlarmsRequest):
                self._alarms.command(request.command, self._now_s)

    def advance(self, until_s: float) -> bytes:
        """See ``MonitorSide``."""
        frames: list[bytes] = []
        while (event_s := max(self._now_s, self._next_event_s())) <= until_s:
            self._patient.advance(event_s)
            self._now_s = event_s
            frames += self._events(event_s)
        if until_s > self._now_s:
            self._patient.advance(until_s)
            self._now_s = until_s
        return b"".join(frames)

    def press_nibp(self) -> None:
        """See ``CuffPanel``."""
        self._cuff.press(self._now_s)

    def set_nibp_auto(self, interval_min: int | None) -> None:
        """See ``CuffPanel``. Raises ValueError below one minute."""
        self._cuff.set_auto(interval_min, self._now_s)

    def set_clock(self, posix_s: float) -> None:
        """See ``ClockSetting``; it shows whole seconds."""
        self._clock_s = round(posix_s - self._now_s)

    def wobble_counts(self, share: float | None) -> None:
        """See ``CountWobble``."""
        self._waves.wobble(share)

    def show_nibp_early(self, lead_s: float | None) -> None:
        """See ``EarlyNibp``."""
        self._cuff.lead_s = lead_s

    def _next_event_s(self) -> float:
        single_s = self._single[0] if self._single else _NEVER
        return min(
            single_s,
            self._next_numerics_s,
            self._waves.next_packet_s,
            self._alarms.next_event_s,
            self._cuff.next_event_s,
        )

    def _events(self, at_s: float) -> list[bytes]:
        """Do everything due by now, the cuff first; every call does at least one thing that was due."""
        frames: list[bytes] = []
        if self._cuff.next_event_s <= at_s:
            self._cuff.act(at_s)
        if self._single is not None and self._single[0] <= at_s:
            frames.append(self._numeric_frame(self._single[1], at_s))
            self._single = None
        if self._next_numerics_s <= at_s:
            self._next_numerics_s += self._interval_s
            frames.append(self._numeric_frame(self._classes, at_s))
        if self._waves.next_packet_s <= at_s:
            if self._waves.packets == 0:
                self._numbers.pop(MainType.WAVE, None)  # a new start counts from 0 (captured)
            frames.append(self._frame(MainType.WAVE, self._waves.packet(at_s), at_s))
        if self._alarms.next_event_s <= at_s:
            message = self._alarms.message(at_s)
            if message is not None:
                frames.append(self._frame(MainType.ALARM, [(STATUS_TYPE, message)], at_s))
        return frames

    def _numeric_frame(self, classes: int, at_s: float) -> bytes:
        return self._frame(
            MainType.NUMERICS, self._numerics.parts(classes, at_s, self._device_clock_s(at_s)), at_s
        )

    def _frame(self, main_type: MainType, parts: Sequence[tuple[int, bytes]], at_s: float) -> bytes:
        number = self._numbers.get(main_type, 0)
        self._numbers[main_type] = number + 1
        clock_s = self._device_clock_s(at_s)
        record = build_record(main_type, parts, number=number, level=LEVEL, time_s=clock_s)
        return encode_frame(record)

    def _device_clock_s(self, at_s: float) -> int:
        return self._clock_s + int(at_s)

    def _ask_numerics(self, request: NumericsRequest) -> None:
        if request.record_type != RecordType.DISPLAYED:
            return
        if request.interval_s == STOP_INTERVAL:
            self._next_numerics_s = _NEVER
        elif request.interval_s == ONCE:
            if self._now_s - self._last_single_s >= SECOND_SINGLE_AFTER_S:
                self._last_single_s = self._now_s
                self._single = (self._now_s, request.classes)
        elif request.interval_s >= LEAST_INTERVAL_S:
            self._interval_s, self._classes = request.interval_s, request.classes
            self._next_numerics_s = self._now_s

    def _ask_waves(self, request: WavesRequest) -> None:
        if request.start:
            self._waves.start(request.types, self._now_s)
        else:
            self._waves.stop()
