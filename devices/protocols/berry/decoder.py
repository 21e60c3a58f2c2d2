"""Bytes of a Berry board into signals (protocols.md §1.1, §1.3)."""

from collections.abc import Callable

from devices.protocols.berry.conditions import Conditions
from devices.protocols.berry.cuff_watch import CuffFrame, CuffWatch, parse_cuff
from devices.protocols.berry.frames import FrameReader, FrameType
from devices.protocols.berry.identity import IdentityReader
from devices.protocols.berry.numerics import ecg_readings, spo2_readings, temperature_readings
from devices.protocols.berry.waves import (
    CHEST_NAMES,
    ECG_NAMES,
    ECG_RATE_HZ,
    PLETH_RATE_HZ,
    PLETH_SCALE,
    RESP_RATE_HZ,
    RESP_SCALE,
    UNCALIBRATED_ECG,
    ClippingWatch,
    WaveStream,
    ecg_scale,
    plain_chunks,
)
from devices.signals import BeatMark, Counters, Signal

_SHORTEST_BODY: dict[int, int] = {
    FrameType.ECG_PARAMS: 2,
    FrameType.NIBP: 6,
    FrameType.SPO2_PARAMS: 4,
    FrameType.TEMPERATURE: 4,
    FrameType.QRS_MARK: 2,
    FrameType.PULSE_MARK: 2,
    FrameType.LEADS_OFF: 2,
    FrameType.FIRMWARE: 2,
    FrameType.HARDWARE: 2,
}


class BerryDecoder:
    """A sans-I/O decoder. Any bytes may be fed, cut anywhere.

    Waves of one ``feed`` come last, one chunk for each wave unless a loss, a change of scale or the end of a clipping
    second cuts it. ``on_cuff`` turns cuff frames into signals; without one the transitions alone tell (``CuffWatch``),
    which is what a recorded capture needs.
    """

    def __init__(self, on_cuff: Callable[[CuffFrame], list[Signal]] | None = None) -> None:
        self._reader = FrameReader()
        self._on_cuff = on_cuff or CuffWatch().step
        self._conditions = Conditions()
        self._identity = IdentityReader()
        self._clipping = ClippingWatch()
        self._ecg = WaveStream(FrameType.ECG_WAVE, ECG_NAMES, ECG_RATE_HZ)
        self._chest = WaveStream(FrameType.CHEST_WAVE, CHEST_NAMES, ECG_RATE_HZ)
        self._pleth = WaveStream(FrameType.PLETH_WAVE, ("PLETH",), PLETH_RATE_HZ)
        self._resp = WaveStream(FrameType.RESP_WAVE, ("RESP",), RESP_RATE_HZ)
        self._streams: dict[int, WaveStream] = {
            FrameType.ECG_WAVE: self._ecg,
            FrameType.CHEST_WAVE: self._chest,
            FrameType.PLETH_WAVE: self._pleth,
            FrameType.RESP_WAVE: self._resp,
        }
        self._handlers: dict[int, Callable[[bytes], list[Signal]]] = {
            FrameType.ECG_PARAMS: self._take_ecg_params,
            FrameType.NIBP: self._take_cuff,
            FrameType.SPO2_PARAMS: lambda body: self._conditions.spo2(body[1]) + spo2_readings(body),
            FrameType.TEMPERATURE: temperature_readings,
            FrameType.QRS_MARK: lambda _: [BeatMark("ECG")],
            FrameType.PULSE_MARK: lambda _: [BeatMark("PLETH")],
            FrameType.LEADS_OFF: self._take_electrodes,
            FrameType.FIRMWARE: self._take_version,
            FrameType.HARDWARE: self._take_version,
        }
        self._gain, self._scale = 1.0, UNCALIBRATED_ECG  # factory state (protocols.md §1.3)
        self._electrodes = b""
        self._signals: list[Signal] = []

    @property
    def counters(self) -> Counters:
        """See ``Decoder``."""
        return self._reader.counters

    @property
    def identified(self) -> bool:
        """Whether the board has said who it is since this decoder was made; until then its ECG has no scale."""
        return self._identity.known

    @property
    def buffered(self) -> int:
        """Bytes held back because their frame is not complete yet; at most 33."""
        return self._reader.buffered

    def feed(self, data: bytes) -> list[Signal]:
        """See ``Decoder``."""
        streams = self._streams
        for body in self._reader.feed(data):
            stream = streams.get(body[0])
            if stream is None or len(body) != stream.body_bytes:
                self._take_other(body)
            else:
                stream.pending.append(body)
        self._flush_ecg()
        self._signals += plain_chunks(self._chest, self._scale)
        self._signals += plain_chunks(self._pleth, PLETH_SCALE)
        self._signals += plain_chunks(self._resp, RESP_SCALE)
        signals, self._signals = self._signals, []
        return signals

    def _take_other(self, body: bytes) -> None:
        kind = body[0]
        if len(body) == 1:
            self._streams[kind].lose_one()
        elif len(body) < _SHORTEST_BODY.get(kind, len(body) + 1):
            length = f" LEN {len(body) + 2:02X}" if kind in _SHORTEST_BODY or kind in self._streams else ""
            self._signals += self._conditions.unknown(f"{kind:02X}{length}")
        else:
            self._signals += self._handlers[kind](body)

    def _take_ecg_params(self, body: bytes) -> list[Signal]:
        self._set_scale(0.25 * 2.0 ** (body[1] >> 2 & 0x03))
        self._flush_ecg()
        changes = self._conditions.ecg(body[1])
        if len(body) > 5:
            changes += self._conditions.rhythm(body[5])
        return changes + ecg_readings(body)

    def _take_electrodes(self, body: bytes) -> list[Signal]:
        if body != self._electrodes:
            self._flush_ecg()
            self._electrodes = body
        return self._conditions.electrodes(body[1:])

    def _take_cuff(self, body: bytes) -> list[Signal]:
        frame = parse_cuff(body)
        if not frame.known:
            return self._conditions.unknown(f"{FrameType.NIBP:02X} state {frame.state:X}")
        return self._on_cuff(frame)

    def _take_version(self, body: bytes) -> list[Signal]:
        identity = self._identity.take(body[0], body[1:])
        self._set_scale(self._gain)
        return [] if identity is None else [identity]

    def _set_scale(self, gain: float) -> None:
        scale = ecg_scale(self._identity.ecg_counts_per_mv, gain)
        if gain == self._gain and scale == self._scale:
            return
        self._flush_ecg()
        if gain != self._gain:
            self._clipping.restart()
        self._gain, self._scale = gain, scale

    def _flush_ecg(self) -> None:
        """Emit the ECG gathered so far, with the scale and the clipping marks that held for it."""
        for run in self._ecg.take():
            for piece in self._clipping.split(run):
                self._signals += self._ecg.chunks(piece, self._scale, self._clipping.quality)
                self._clipping.note(piece)
                # With a lead off the input floats to an edge by itself; that is no reason to change the gain.
                off = self._conditions.active("ECG_LEAD_OFF")
                self._signals += self._conditions.set("ECG_CLIPPED", None if off else self._clipping.detail)
