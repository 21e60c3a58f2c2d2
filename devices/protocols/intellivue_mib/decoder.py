"""Bytes of an IntelliVue monitor into signals (protocols.md §3)."""

import struct
from collections.abc import Callable
from enum import Enum, auto

from devices.protocols.conditions import Conditions
from devices.protocols.intellivue_mib.alarms import AlarmWatch
from devices.protocols.intellivue_mib.association import Session, read_profile
from devices.protocols.intellivue_mib.cuff_parts import CuffParts
from devices.protocols.intellivue_mib.cuff_watch import CuffWatch, Since
from devices.protocols.intellivue_mib.frames import FrameReader
from devices.protocols.intellivue_mib.identity import MonitorClock, read_clock, read_identity
from devices.protocols.intellivue_mib.messages import (
    DATA,
    AttributeList,
    Message,
    PolledObject,
    PollReply,
    read_attributes,
    read_message,
    read_poll_reply,
)
from devices.protocols.intellivue_mib.nomenclature import (
    MDS_CREATE,
    Attribute,
    Command,
    ObjectClass,
    Operation,
    Physio,
)
from devices.protocols.intellivue_mib.numerics import read_values, reading
from devices.protocols.intellivue_mib.values import read_text
from devices.protocols.intellivue_mib.waves import WaveMemory, WavePlaces, chunk, read_blocks
from devices.signals import Counters, DeviceIdentity, Signal

_MOST_OBJECTS = 512
"""A full monitor lists about a hundred; more than this is noise that passed for frames."""
_REFUSED = "refused: another program or an earlier session may hold the monitor's port"


class Heard(Enum):
    """What a message means to the session."""

    ACCEPTED = auto()
    REFUSED = auto()
    RELEASED = auto()
    ABORTED = auto()
    MDS_CREATED = auto()
    POLLED = auto()  # number: the object class
    ERROR = auto()  # number: the invoke id of what was refused


OnHeard = Callable[[Heard, int], None]


class IntellivueDecoder:
    """A sans-I/O decoder. Any bytes may be fed, cut anywhere.

    ``on_heard`` tells a session what concerns it. ``live`` False reads a recorded capture: its first cuff reading is then a
    result. ``since`` is what was known of the cuff before the line was cut.
    """

    def __init__(
        self, on_heard: OnHeard | None = None, *, live: bool = False, since: Since | None = None
    ) -> None:
        self._reader = FrameReader()
        self._on_heard: OnHeard = on_heard or (lambda _kind, _number: None)
        self._clock = MonitorClock()
        self._ticks = 0
        self._identity: DeviceIdentity | None = None
        self._cuff = CuffWatch(live=live, since=since)
        self._cuff_parts = CuffParts()
        self._alarms = AlarmWatch()
        self._labels: dict[tuple[int, int], tuple[int, str]] = {}
        self._waves: dict[tuple[int, int], WaveMemory] = {}
        self._places = WavePlaces()
        self._conditions = Conditions()
        self._signals: list[Signal] = []
        self._classes: dict[int, Callable[[PolledObject], None]] = {
            ObjectClass.NUMERIC: self._take_numeric,
            ObjectClass.WAVE: self._take_wave,
            ObjectClass.ALARMS: self._take_alarms,
            ObjectClass.MDS: lambda polled: self._take_mds(polled.attributes),
        }

    @property
    def counters(self) -> Counters:
        """See ``Decoder``."""
        return self._reader.counters

    @property
    def buffered(self) -> int:
        """Bytes held back because their frame is not complete yet; at most ``frames.LONGEST_FRAME``."""
        return self._reader.buffered

    @property
    def since(self) -> Since | None:
        """What is known of the cuff and until when, by the monitor's clock: for the decoder after a reconnection."""
        now_s = self._clock.at(self._ticks)
        return self._cuff.since if now_s is None else Since(now_s, self._cuff.key)

    def feed(self, data: bytes) -> list[Signal]:
        """See ``Decoder``."""
        for payload in self._reader.feed(data):
            try:
                self._take(payload)
            except (struct.error, ValueError, IndexError):
                # The check sequence held, so the monitor meant it; we do not know what.
                self._note_unknown(f"message {payload[:1].hex().upper() or 'empty'} that cannot be read")
        signals, self._signals = self._signals, []
        return signals

    def _take(self, payload: bytes) -> None:
        if payload[0] != DATA:
            self._take_session(payload)
            return
        message = read_message(payload)
        reply = read_poll_reply(message)
        if reply is not None:
            self._take_reply(reply)
        elif message.kind == Operation.ERROR:
            self._on_heard(Heard.ERROR, message.invoke_id)
        elif message.kind == Operation.INVOKE and message.command in (Command.EVENT, Command.CONFIRMED_EVENT):
            self._take_event(message)
        elif message.kind != Operation.RESULT:
            self._note_unknown(f"data message {message.kind:04X} command {message.command:04X}")

    def _take_session(self, payload: bytes) -> None:
        kind = payload[0]
        if kind == Session.ACCEPT:
            profile = read_profile(payload)
            self._waves.clear()
            self._labels.clear()
            self._signals += self._conditions.set("SESSION", None)
            self._on_heard(Heard.ACCEPTED, 0 if profile is None else profile.min_poll_ticks)
        elif kind == Session.REFUSE:
            self._signals += self._conditions.set("SESSION", _REFUSED)
            self._on_heard(Heard.REFUSED, 0)
        elif kind == Session.ABORT:
            self._signals += self._conditions.set("SESSION", "ended by the monitor")
            self._on_heard(Heard.ABORTED, 0)
        elif kind == Session.RELEASED:
            self._on_heard(Heard.RELEASED, 0)
        else:
            self._note_unknown(f"message {kind:02X}")

    def _take_event(self, message: Message) -> None:
        ticks, event = struct.unpack_from(">IH", message.body, 6)
        if event != MDS_CREATE:
            self._note_unknown(f"event {event:04X}")
            return
        self._ticks = ticks
        self._take_mds(read_attributes(message.body, 20))
        self._on_heard(Heard.MDS_CREATED, message.invoke_id)

    def _take_reply(self, reply: PollReply) -> None:
        self._ticks = reply.ticks
        if reply.time_s is not None:
            self._clock.set(reply.time_s, reply.ticks)
        take = self._classes.get(reply.object_class)
        if take is None:
            self._note_unknown(f"object class {reply.object_class:04X}")
            return
        for polled in reply.objects:
            take(polled)
        if reply.object_class == ObjectClass.NUMERIC and reply.last:
            self._take_cuff()
        self._on_heard(Heard.POLLED, reply.object_class)

    def _take_numeric(self, polled: PolledObject) -> None:
        key = (polled.context, polled.handle)
        label, text = self._label(key, polled.attributes)
        taken = dict(polled.attributes).get(Attribute.MEASUREMENT_TIME)
        values = [
            value
            for attribute, data in polled.attributes
            if attribute in (Attribute.NUMERIC, Attribute.NUMERIC_COMPOUND)
            for value in read_values(attribute, data)
        ]
        if label == Physio.NBP or any(value.of_cuff for value in values):
            self._cuff_parts.take_cuff(values, taken)
            return
        time_s = self._clock.at(self._ticks)
        for value in values:
            if value.physio == Physio.NBP_PULSE:
                self._cuff_parts.take_pulse(value, taken)
            else:
                self._signals.append(reading(value, text if len(values) == 1 else "", time_s))

    def _take_cuff(self) -> None:
        whole = self._cuff_parts.whole()
        if whole is not None:
            record, pulse = whole
            self._signals += self._cuff.step(record, self._ticks, self._clock.at(self._ticks), pulse)

    def _take_wave(self, polled: PolledObject) -> None:
        key = (polled.context, polled.handle)
        if key not in self._waves and len(self._waves) >= _MOST_OBJECTS:
            self._note_unknown("too many waves")
            return
        memory = self._waves.setdefault(key, WaveMemory())
        memory.label_text = self._label(key, polled.attributes)[1]
        for attribute, data in polled.attributes:
            memory.describe(attribute, data)
        for attribute, data in polled.attributes:
            if attribute not in (Attribute.WAVE, Attribute.WAVE_COMPOUND):
                continue
            for block in read_blocks(attribute, data):
                samples = chunk(block, memory, self._ticks, self._places)
                if samples is not None:
                    self._signals.append(samples)
                elif memory.period_ticks is None or memory.sample_bytes is None:
                    self._note_unknown(f"wave {block.physio:04X} before its description")

    def _take_alarms(self, polled: PolledObject) -> None:
        self._signals += self._alarms.take(polled.attributes)
        if self._alarms.technical_known:
            self._signals += self._cuff.failed(self._alarms.cuff_failure())

    def _take_mds(self, attributes: AttributeList) -> None:
        clock = read_clock(attributes, self._ticks)
        if clock is not None:
            self._clock.set(*clock)
            if self._cuff.since is None:
                self._cuff.since = Since(clock[0])
        identity = read_identity(attributes)
        if identity is not None and identity != self._identity:
            self._identity = identity
            self._signals.append(identity)

    def _label(self, key: tuple[int, int], attributes: AttributeList) -> tuple[int, str]:
        """Return an object's label id and text, remembered from whichever reply told them."""
        label, text = self._labels.get(key, (0, ""))
        for attribute, data in attributes:
            if attribute == Attribute.LABEL:
                (label,) = struct.unpack_from(">H", data, 2)
            elif attribute == Attribute.LABEL_TEXT:
                text = read_text(data)
        if key in self._labels or len(self._labels) < _MOST_OBJECTS:
            self._labels[key] = (label, text)
        return label, text

    def _note_unknown(self, record: str) -> None:
        self._signals += self._conditions.unknown(record)
