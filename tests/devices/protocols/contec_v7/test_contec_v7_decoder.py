from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.contec_v7.commands import KEEP_ALIVE, START
from devices.protocols.contec_v7.decoder import ContecV7Decoder
from devices.protocols.contec_v7.monitor import ContecV7Monitor
from devices.protocols.contec_v7.realtime import RealTime, encode_frame, parse_frame
from devices.signals import BeatMark, DeviceIdentity, DeviceStatus, NumericReading, Quality, WaveChunk
from tests.devices.fake_patient import FakePatient

PLAIN = RealTime(72, 98, 4.35, 6)
FRAME = encode_frame(PLAIN, 40, 8)


def of(values: RealTime = PLAIN, wave: int = 40) -> bytes:
    return encode_frame(values, wave, 8)


def heard(*pieces: bytes) -> list[object]:
    decoder = ContecV7Decoder()
    return [signal for piece in pieces for signal in decoder.feed(piece)]


def values_of(signals, name: str) -> list[float | None]:
    return [s.value for s in signals if isinstance(s, NumericReading) and s.name == name]


def wave_of(signals) -> list[tuple[int, int]]:
    chunks = [s for s in signals if isinstance(s, WaveChunk)]
    return [(c.first_sample + k, n) for c in chunks for k, n in enumerate(c.samples.tolist())]


def statuses(signals) -> list[tuple[str, bool, str]]:
    return [(s.code, s.active, s.detail) for s in signals if isinstance(s, DeviceStatus)]


@pytest.mark.parametrize(
    ("printed", "values", "wave", "bar"),
    [
        ("01 E0 85 B3 96 C1 E1 FF FF", RealTime(65, 97, None, 5), 51, 6),
        ("01 A0 86 A8 88 C8 E2 B3 81", RealTime(72, 98, 4.35, 6), 40, 8),
        ("01 A8 C6 A8 88 8C E2 B3 81", RealTime(140, 98, 4.35, 6, beep=True), 40, 8),
        (
            "01 EB 80 C0 90 FF FF FF FF",
            RealTime(None, None, None, 0, probe_error=True, searching=True),
            64,
            0,
        ),
    ],
)
def test_frames_printed_in_the_document(printed, values, wave, bar):
    frame = bytes.fromhex(printed)
    assert parse_frame(frame) == values
    assert encode_frame(values, wave, bar) == frame
    signals = heard(frame * 3)
    assert wave_of(signals) == [(0, wave), (1, wave), (2, wave)]
    assert values_of(signals, "PULSE_BAR") == [bar]
    assert values_of(signals, "SIGNAL_STRENGTH") == [values.strength]
    assert values_of(signals, "PR") == [values.pulse_per_min]
    assert values_of(signals, "SPO2") == [values.spo2_percent]
    assert values_of(signals, "PI") == [values.perfusion_percent]


def test_the_capture_gives_the_values_of_its_readme(shared_captures):
    decoder = ContecV7Decoder()
    signals = decoder.feed((shared_captures / "contec_v7_serial/rx.raw").read_bytes())
    assert wave_of(signals) == list(enumerate([51, 48, 46, 44, 43, 42, 42]))
    assert values_of(signals, "PR") == [65.0]
    assert values_of(signals, "SPO2") == [97.0]
    assert values_of(signals, "SIGNAL_STRENGTH") == [5.0]
    assert values_of(signals, "PULSE_BAR") == [6.0]
    assert values_of(signals, "PI") == [None]
    assert [s.serial_number for s in signals if isinstance(s, DeviceIdentity)] == ["user"]
    told = {detail for code, _, detail in statuses(signals) if code == "UNKNOWN_RECORD"}
    assert told == {"06", "11", "13", "14", "02", "03"}
    assert decoder.counters.bytes_in == 137
    assert decoder.counters.bytes_discarded == decoder.counters.frames_bad == decoder.buffered == 0


@pytest.mark.parametrize(
    ("values", "reading"),
    [
        (replace(PLAIN, pulse_per_min=None), ("PR", None, Quality.INVALID)),
        (replace(PLAIN, pulse_per_min=0), ("PR", None, Quality.INVALID)),
        (replace(PLAIN, pulse_per_min=254), ("PR", 254.0, Quality.GOOD)),
        (replace(PLAIN, spo2_percent=None), ("SPO2", None, Quality.INVALID)),
        (replace(PLAIN, spo2_percent=0), ("SPO2", None, Quality.INVALID)),
        (replace(PLAIN, spo2_percent=100), ("SPO2", 100.0, Quality.GOOD)),
        (replace(PLAIN, perfusion_percent=None), ("PI", None, Quality.INVALID)),
        (replace(PLAIN, perfusion_percent=0.02), ("PI", 0.02, Quality.GOOD)),
        (replace(PLAIN, searching=True), ("SPO2", 98.0, Quality.SEARCHING)),
        (replace(PLAIN, long_search=True), ("PR", 72.0, Quality.SEARCHING)),
        (replace(PLAIN, probe_error=True), ("SPO2", None, Quality.INVALID | Quality.SENSOR_OFF)),
        (replace(PLAIN, probe_error=True), ("PI", None, Quality.INVALID | Quality.SENSOR_OFF)),
    ],
)
def test_invalid_codes_and_marks(values, reading):
    name, value, quality = reading
    (found,) = [s for s in heard(of(values) * 2) if isinstance(s, NumericReading) and s.name == name]
    assert (found.value, found.quality) == (value, quality)


def test_the_invalid_mark_alone_makes_no_perfusion_index():
    frame = bytes.fromhex("01 A0 86 A8 98 C8 E2 B3 81")  # PI 4.35, marked invalid
    assert values_of(heard(frame * 2), "PI") == [None]


@pytest.mark.parametrize(
    ("flag", "status"),
    [
        ("probe_error", ("SPO2_NO_FINGER", "no finger, or a fault of the probe")),
        ("searching", ("SPO2_SEARCHING", "")),
        ("long_search", ("SPO2_SEARCHING", "searching for too long")),
        ("dropping", ("MONITOR_ALARM", "SpO2 is dropping")),
    ],
)
def test_conditions_are_told_when_they_begin_and_end(flag, status):
    code, detail = status
    signals = heard(of() * 5 + of(replace(PLAIN, **{flag: True})) * 5 + of() * 5)
    assert statuses(signals) == [(code, True, detail), (code, False, "")]


def test_the_wave_carries_the_marks():
    signals = heard(of() * 3 + of(replace(PLAIN, searching=True)) * 2 + of(replace(PLAIN, probe_error=True)))
    chunks = [(s.first_sample, len(s.samples), s.quality) for s in signals if isinstance(s, WaveChunk)]
    assert chunks == [(0, 3, Quality.GOOD), (3, 2, Quality.SEARCHING), (5, 1, Quality.SENSOR_OFF)]


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ("0B 80 80", []),
        ("0B 80 81", [("OXIMETER_SHUTDOWN", True, ""), ("OXIMETER_SHUTDOWN", False, "")]),
        ("0B 80 85", [("COMMAND_REFUSED", True, "not supported by this oximeter")]),
        ("0B 80 82", [("UNKNOWN_RECORD", True, "0B status 02")]),
        (
            "0B 81 A1 85",
            [("COMMAND_REFUSED", True, "not supported by this oximeter")],
        ),  # with the command refused
        ("0C 80", []),
        ("0D 80 80", [("OXIMETER_DISCONNECTED", True, "reason 00"), ("OXIMETER_DISCONNECTED", False, "")]),
        ("0E 80 81", []),
        ("0E 80 80", [("PI_NOT_SUPPORTED", True, "")]),
        ("09 80 E2 C8 B3 81", [("UNKNOWN_RECORD", True, "09")]),
        ("0F 80 E2 C8 E2 C8 E2 C8", [("UNKNOWN_RECORD", True, "0F")]),
    ],
)
def test_every_reply(record, told):
    reply = bytes.fromhex(record)
    assert statuses(heard(FRAME * 3 + reply + FRAME * 63)) == told


def test_an_unknown_record_is_told_once():
    reply = bytes.fromhex("09 80 E2 C8 B3 81")
    assert len(statuses(heard((FRAME + reply) * 10 + FRAME))) == 1


def test_numbers_come_at_once_when_they_change_and_each_second_otherwise():
    signals = heard(of() * 200 + of(replace(PLAIN, spo2_percent=97)) * 10)
    assert values_of(signals, "SPO2") == [98, 98, 98, 98, 97]
    assert values_of(signals, "PR") == [72] * 5


@pytest.mark.parametrize("field", ["pulse_per_min", "spo2_percent"])
@pytest.mark.parametrize("share", [0.99, 1.02, 0.8, 0.5])
def test_a_change_is_believed_when_two_frames_agree(field, share):
    changed = replace(PLAIN, **{field: min(100, round(getattr(PLAIN, field) * share))})
    name = {"pulse_per_min": "PR", "spo2_percent": "SPO2"}[field]
    before, after = float(getattr(PLAIN, field)), float(getattr(changed, field))
    assert set(values_of(heard(of() * 3 + of(changed) + of() * 100), name)) == {before}
    assert values_of(heard(of() * 3, of(changed), of(changed)), name) == [before, after]


def test_damage_between_two_equal_frames_breaks_their_agreement():
    changed = of(replace(PLAIN, spo2_percent=80))
    assert values_of(heard(of() * 3, changed, FRAME[:5], changed, of() * 5), "SPO2") == [98]
    assert values_of(heard(of() * 3, changed, FRAME[:5], changed, changed), "SPO2") == [98, 80]


def test_a_perfusion_index_that_moves_with_every_frame_is_still_told():
    stream = b"".join(of(replace(PLAIN, perfusion_percent=round(4.0 + k * 0.01, 2))) for k in range(70))
    assert values_of(heard(stream), "PI") == [4.01, 4.61]


def test_a_restless_signal_strength_stops_no_number():
    stream = b"".join(of(replace(PLAIN, strength=7 + k % 2)) for k in range(300))
    assert values_of(heard(stream), "SPO2").count(98.0) >= 4


def test_pulses_are_marked_at_the_rise_of_the_mark_and_never_closer_than_they_can_be():
    beep = of(replace(PLAIN, beep=True))
    assert heard(of() * 20 + beep * 3 + of() * 40 + beep + of() * 40).count(BeatMark("PLETH")) == 2
    assert heard(of() * 20 + beep + of() * 3 + beep + of() * 40).count(BeatMark("PLETH")) == 1


def test_a_lost_frame_moves_the_sample_number():
    signals = heard(of(wave=1) + of(wave=2)[:6] + of(wave=3))
    assert wave_of(signals) == [(0, 1), (2, 3)]


def a_minute() -> tuple[list[bytes], set[object]]:
    """A minute of frames and the values that are in them."""
    monitor = ContecV7Monitor(FakePatient(), seed=1)
    monitor.receive(START)
    stream = b""
    for k in range(1, 13):
        monitor.receive(KEEP_ALIVE)
        stream += monitor.advance(k * 5.0)
    frames = [stream[at : at + 9] for at in range(0, len(stream), 9)]
    return frames, {("PR", 76.0), ("SPO2", 97.0), ("PI", 3.5)}


@pytest.mark.parametrize("kind", ["flip", "replace", "drop", "double"])
def test_of_damaged_frames_at_most_one_in_two_hundred_is_believed(kind):
    frames, truth = a_minute()
    rng = np.random.default_rng(3)
    wrong = damaged = 0
    for _ in range(5):
        spoilt = list(frames)
        for index in range(5, len(frames), 7):
            spoilt[index] = damage(spoilt[index], kind, rng)
            damaged += spoilt[index] != frames[index]
        signals = heard(b"".join(spoilt))
        readings = [s for s in signals if isinstance(s, NumericReading) and s.name in ("PR", "SPO2", "PI")]
        wrong += sum((s.name, s.value) not in truth for s in readings)
    assert damaged > 2000
    assert wrong <= damaged / 200


def damage(frame: bytes, kind: str, rng: np.random.Generator) -> bytes:
    at = int(rng.integers(0, 9))
    head, octet, tail = frame[:at], frame[at], frame[at + 1 :]
    if kind == "flip":
        return head + bytes((octet ^ (1 << int(rng.integers(0, 8))),)) + tail
    if kind == "replace":
        return head + rng.bytes(1) + tail
    return head + tail if kind == "drop" else head + bytes((octet, octet)) + tail


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_however_the_bytes_are_cut_the_same_is_said(noise):
    stream = b"".join(FRAME * 2 + piece for piece in noise)
    whole, single = heard(stream), heard(*(stream[k : k + 1] for k in range(len(stream))))
    assert wave_of(whole) == wave_of(single)
    assert [s for s in whole if not isinstance(s, WaveChunk)] == [
        s for s in single if not isinstance(s, WaveChunk)
    ]


def test_half_a_million_bytes_of_noise():
    decoder = ContecV7Decoder()
    rng = np.random.default_rng(5)
    for _ in range(50):
        decoder.feed(rng.bytes(10_000))
        assert decoder.buffered <= 9
    counters = decoder.counters
    assert counters.bytes_in == 9 * counters.frames_ok + counters.bytes_discarded + decoder.buffered
