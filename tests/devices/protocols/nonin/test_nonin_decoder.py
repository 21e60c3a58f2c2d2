import numpy as np
import pytest

from devices.protocols.nonin.decoder import NoninDecoder
from devices.protocols.nonin.frames import LONGEST_FRAME, Dialect, wave_frame_f2, wave_frame_f7
from devices.signals import BeatMark, DeviceIdentity, DeviceStatus, NumericReading, Quality, WaveChunk

OFF = Quality.SENSOR_OFF | Quality.INVALID
HELD = OFF | Quality.STALE
FLOATS = {1: 1, 2: 0x48, 3: 98, 9: 98, 20: 1, 21: 0x48}  # HR 200, SpO2 98


def values(signals):
    return [(s.name, s.value) for s in signals if isinstance(s, NumericReading)]


def said(signals, kind):
    return [s for s in signals if isinstance(s, kind)]


def packet(*, status=0, floats=FLOATS, lit=(), build=wave_frame_f2):
    """25 frames of a packet; ``lit`` maps frames (from 1) to perfusion bits."""
    frames = []
    for frame in range(1, 26):
        bits = 0x80 | status | (frame == 1) | dict(lit).get(frame, 0)
        frames.append(build(bits, 100 + frame, floats.get(frame, 0)))
    return frames


def test_the_captured_packet(shared_captures):
    data = (shared_captures / "nonin_df2" / "frame.raw").read_bytes()
    decoder = NoninDecoder()
    signals = [signal for i in range(len(data)) for signal in decoder.feed(data[i : i + 1])]
    assert values(signals) == [
        ("SPO2", 97),
        ("PR", 61),
        ("PR_4_BEAT", 61),
        ("SPO2_4_BEAT", 97),
        ("SPO2_FAST", 97),
        ("SPO2_BEAT", 98),
        ("PR_8_BEAT", 62),
        ("SPO2_8_BEAT", 98),
        ("SPO2_8_BEAT_DISPLAY", 97),
        ("PR_8_BEAT_DISPLAY", 62),
    ]
    assert said(signals, DeviceIdentity) == [DeviceIdentity("Nonin", firmware="0x29")]
    assert sum(len(chunk.samples) for chunk in said(signals, WaveChunk)) == 25
    assert not any(chunk.samples.any() for chunk in said(signals, WaveChunk))
    assert (decoder.counters.frames_ok, decoder.counters.frames_bad) == (25, 0)


@pytest.mark.parametrize("build", [wave_frame_f2, wave_frame_f7])
def test_a_rate_of_200(build):
    decoder = NoninDecoder()
    signals = decoder.feed(b"".join(packet(build=build)))
    assert values(signals)[:2] == [("SPO2", 98), ("PR", 200)]


@pytest.mark.parametrize(
    ("status", "quality", "value", "conditions"),
    [
        pytest.param(0x00, Quality.GOOD, 98, [], id="all well"),
        pytest.param(0x20, Quality.ARTIFACT, 98, [], id="artifact"),
        pytest.param(0x10, Quality.SEARCHING, 98, ["SPO2_SEARCHING"], id="out of track"),
        pytest.param(0x08, HELD, None, ["SPO2_NO_FINGER"], id="sensor alarm, the display holds"),
        pytest.param(0x18, HELD | Quality.SEARCHING, None, ["SPO2_NO_FINGER"], id="both"),
        pytest.param(0x40, HELD, None, ["SPO2_PROBE_UNPLUGGED"], id="disconnected"),
    ],
)
def test_status_bits_of_the_wave_formats(status, quality, value, conditions):
    signals = NoninDecoder().feed(b"".join(packet(status=status)))
    reading = next(s for s in said(signals, NumericReading) if s.name == "SPO2")
    assert (reading.value, reading.quality) == (value, quality)
    assert [s.code for s in said(signals, DeviceStatus)] == conditions


@pytest.mark.parametrize(
    ("bits", "quality"), [(0x02, Quality.GOOD), (0x04, Quality.WEAK), (0x06, Quality.WEAK)]
)
def test_perfusion_lights_once_a_pulse(bits, quality):
    lit = [(frame, bits) for frame in range(6, 18)]
    signals = NoninDecoder().feed(b"".join(packet(lit=lit) + packet(lit=lit)))
    assert said(signals, BeatMark) == [BeatMark("PLETH")] * 2
    assert said(signals, NumericReading)[0].quality == quality


def test_finger_out_and_back():
    decoder = NoninDecoder()
    missing = {1: 3, 2: 127, 3: 127, 9: 127, 20: 3, 21: 127}
    decoder.feed(b"".join(packet()))
    out = decoder.feed(b"".join(packet(status=0x08) + packet(status=0x08, floats=missing)))
    assert values(out)[:2] == [("SPO2", None), ("PR", None)]
    assert [r.quality for r in said(out, NumericReading) if r.name == "PR"] == [HELD, OFF]
    assert {chunk.quality for chunk in said(out, WaveChunk)} == {Quality.SENSOR_OFF}
    back = decoder.feed(b"".join(packet()))
    assert said(back, DeviceStatus) == [DeviceStatus("SPO2_NO_FINGER", active=False)]
    assert values(back)[:2] == [("SPO2", 98), ("PR", 200)]


def test_a_packet_with_a_bad_checksum_gives_no_numbers_and_loses_one_sample():
    frames = packet()
    bad = frames[9][:-1] + bytes((frames[9][-1] ^ 0x10,))
    decoder = NoninDecoder()
    signals = decoder.feed(b"".join([*frames[:9], bad, *frames[10:], *packet()]))
    assert [value for value in values(signals) if value[0] == "PR"] == [("PR", 200)]
    chunks = said(signals, WaveChunk)
    assert [(c.first_sample, len(c.samples)) for c in chunks] == [(0, 24), (25, 25)]


@pytest.mark.parametrize("lost", range(1, 7))
def test_packets_that_left_no_trace_are_known_by_the_timer(lost):
    decoder = NoninDecoder()
    timed = [packet(floats=FLOATS | {6: 0, 7: timer}) for timer in range(1, 20)]
    signals = decoder.feed(b"".join(frame for p in (*timed[:4], *timed[4 + lost : 12]) for frame in p))
    end = [chunk.first_sample + len(chunk.samples) for chunk in said(signals, WaveChunk)][-1]
    assert end == 12 * 25


def test_low_battery_is_told_once():
    decoder = NoninDecoder()
    low = b"".join(packet(floats=FLOATS | {8: 0x21}))
    assert said(decoder.feed(low * 3), DeviceStatus) == [DeviceStatus("LOW_BATTERY", active=True)]
    assert said(decoder.feed(b"".join(packet())), DeviceStatus) == [DeviceStatus("LOW_BATTERY", active=False)]


@pytest.mark.parametrize(
    ("hex_text", "spo2", "rate", "quality", "codes"),
    [
        # protocols.md §5.5, constructed
        ("80 48 62 00", 98, 72, Quality.GOOD, []),
        ("81 48 62 00", 98, 200, Quality.GOOD, []),
        ("A0 48 62 08", None, None, HELD | Quality.SEARCHING, ["SPO2_NO_FINGER"]),
        ("A3 7F 7F 08", None, None, OFF | Quality.SEARCHING, ["SPO2_NO_FINGER"]),
        # each bit of §5.5
        ("A0 48 62 00", 98, 72, Quality.SEARCHING, ["SPO2_SEARCHING"]),
        ("90 48 62 00", 98, 72, Quality.WEAK, []),
        ("88 48 62 00", 98, 72, Quality.WEAK, []),
        ("84 48 62 00", 98, 72, Quality.ARTIFACT, []),
        ("80 48 62 20", 98, 72, Quality.GOOD, []),
        ("80 48 62 01", 98, 72, Quality.GOOD, ["LOW_BATTERY"]),
        ("83 7F 62 00", 98, None, Quality.GOOD, []),
    ],
)
def test_format_8(hex_text, spo2, rate, quality, codes):
    signals = NoninDecoder().feed(bytes.fromhex(hex_text) * 3)
    assert values(signals) == [("SPO2", spo2), ("PR", rate)] * 3
    assert said(signals, NumericReading)[0].quality == quality
    assert [s.code for s in said(signals, DeviceStatus)] == codes


@pytest.mark.parametrize(
    ("hex_text", "spo2", "rate", "quality", "codes"),
    [
        # protocols.md §5.2, bit by bit
        ("80 48 62", 98, 72, Quality.GOOD, []),
        ("81 48 62", 98, 200, Quality.GOOD, []),
        ("82 41 62", 98, 321, Quality.GOOD, []),
        ("C3 7F 7F", None, None, OFF, ["SPO2_PROBE_UNPLUGGED"]),
        ("C0 48 62", None, None, HELD, ["SPO2_PROBE_UNPLUGGED"]),
        ("A0 48 62", 98, 72, Quality.SEARCHING, ["SPO2_SEARCHING"]),
        ("90 48 62", 98, 72, Quality.WEAK, []),
        ("88 48 62", 98, 72, Quality.WEAK, []),
        ("84 48 62", 98, 72, Quality.ARTIFACT, []),
        ("83 7F 7F", None, None, Quality.INVALID, []),
    ],
)
def test_format_1(hex_text, spo2, rate, quality, codes):
    signals = NoninDecoder().feed(bytes.fromhex(hex_text) * 3)
    assert values(signals) == [("SPO2", spo2), ("PR", rate)] * 3
    assert said(signals, NumericReading)[0].quality == quality
    assert [s.code for s in said(signals, DeviceStatus)] == codes


@pytest.mark.parametrize("tail", [b"", b"\x00"])
def test_a_jump_without_a_checksum_is_believed_the_second_time(tail):
    decoder = NoninDecoder()
    decoder.feed((b"\x80\x48\x62" + tail) * 3)
    assert values(decoder.feed(b"\x81\x48\x62" + tail)) == [("SPO2", 98)]
    assert values(decoder.feed(b"\x81\x48\x62" + tail)) == [("SPO2", 98), ("PR", 200)]


SPOT = "20 26 01 02 10 15 30 00 {} 00 48 00 62"
SPOT_TIME_S = 1767348930.0  # 2026-01-02T10:15:30Z


def spot(status):
    data = bytes.fromhex(SPOT.format(status))
    return b"\x00\x02\x00\x0d\x00\x0e" + data + bytes((sum(data) & 0xFF, 3))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("02 00", [("SPO2", 98, Quality.GOOD), ("PR", 72, Quality.GOOD)]),
        ("00 00", [("SPO2", 98, Quality.QUESTIONABLE), ("PR", 72, Quality.QUESTIONABLE)]),
        ("01 00", [("SPO2", None, Quality.INVALID), ("PR", None, Quality.INVALID)]),
        ("02 10", [("SPO2_MEMORY", 98, Quality.GOOD), ("PR_MEMORY", 72, Quality.GOOD)]),
    ],
)
def test_format_13(status, expected):
    readings = said(NoninDecoder().feed(spot(status)), NumericReading)
    assert [(r.name, r.value, r.quality) for r in readings] == expected
    assert {r.device_time_s for r in readings} == {SPOT_TIME_S}


def test_format_13_as_printed_in_the_document():
    frame = bytes.fromhex("00 02 00 0D 00 0E 20 26 01 02 10 15 30 00 02 00 00 48 00 62 4A 03")
    assert values(NoninDecoder().feed(frame)) == [("SPO2", 98), ("PR", 72)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("20 26 01 02 10 15 30 00 02 00 01 FF 00 7F", [None, None]),
        ("20 26 01 02 10 15 30 00 02 00 00 C8 00 64", [100, 200]),
        ("20 26 01 02 10 15 30 00 02 01 00 48 00 62", [98, 72]),
    ],
)
def test_format_13_missing_and_high_values(data, expected):
    octets = bytes.fromhex(data)
    frame = b"\x00\x02\x00\x0d\x00\x0e" + octets + bytes((sum(octets) & 0xFF, 3))
    signals = NoninDecoder().feed(frame)
    assert [value for _, value in values(signals)] == expected
    assert [s.code for s in said(signals, DeviceStatus)] == (["LOW_BATTERY"] if octets[9] else [])


def test_format_13_with_a_clock_that_is_not_set_and_longer_data():
    octets = bytes.fromhex("20 00 00 00 FF 00 00 00 02 00 00 48 00 62 11 22")
    frame = b"\x00\x02\x00\x0d\x00\x10" + octets + bytes((sum(octets) & 0xFF, 3))
    readings = said(NoninDecoder().feed(frame), NumericReading)
    assert [(r.value, r.device_time_s) for r in readings] == [(98, None), (72, None)]


def test_the_printout_with_its_header_and_marks():
    decoder = NoninDecoder()
    head = decoder.feed(b"NONIN AVANT 9600   01/02/26 10:15:30\r\n")
    assert head == [DeviceIdentity("Nonin", model="NONIN AVANT 9600 01/02/26 10:15:30")]
    assert values(decoder.feed(b"SPO2=098 HR=072\r\n")) == [("SPO2", 98), ("PR", 72)]
    assert values(decoder.feed(b"SPO2=098 HR=073 F\r\n")) == [("SPO2", 98)]
    assert values(decoder.feed(b"SPO2=098 HR=073 F\r\n")) == [("SPO2", 98), ("PR", 73)]
    marked = decoder.feed(b"SPO2=098 HR=072*\r\n")
    assert said(marked, DeviceStatus) == [DeviceStatus("EVENT_MARK", active=True)]
    gone = decoder.feed(b"SPO2=--- HR=---\r\n")
    assert said(gone, DeviceStatus) == [DeviceStatus("EVENT_MARK", active=False)]
    assert [(r.value, r.quality) for r in said(gone, NumericReading)] == [(None, Quality.INVALID)] * 2
    breath = decoder.feed(b"10:15:34 SPO2=098 HR=072 B\r\n")
    assert said(breath, DeviceStatus) == [
        DeviceStatus("UNKNOWN_RECORD", active=True, detail="printout mark B")
    ]
    assert decoder.counters.bytes_discarded == 0


def test_impossible_numbers_of_the_printout_are_none():
    assert values(NoninDecoder().feed(b"SPO2=101 HR=999\r\n")) == [("SPO2", None), ("PR", None)]
    assert values(NoninDecoder().feed(b"SPO2=000 HR=000\r\n")) == [("SPO2", None), ("PR", None)]


def test_an_impossible_number_is_damage_where_there_was_a_possible_one():
    decoder = NoninDecoder()
    decoder.feed(b"SPO2=098 HR=072\r\n" * 2)
    assert values(decoder.feed(b"SPO2=198 HR=072\r\n")) == [("PR", 72)]
    assert values(decoder.feed(b"SPO2=--- HR=---\r\n")) == [("SPO2", None), ("PR", None)]


@pytest.mark.parametrize(("tail", "none"), [(b"", b"\x83\x7f\x7f"), (b"\x00", b"\x83\x7f\x7f\x00")])
def test_one_damaged_frame_makes_neither_a_number_nor_its_absence(tail, none):
    decoder = NoninDecoder()
    good = b"\x80\x48\x5f" + tail
    decoder.feed(good * 3)
    lost_bit = b"\x80\x48\x7f" + tail  # 95 with one bit more is the mark of a missing one
    sensor_off = bytes((good[0] | 0x40,)) + good[1:]
    for damaged in (lost_bit, sensor_off, b"\x80\x49\x5f" + tail, b"\x81\x48\x5f" + tail):
        heard = values(decoder.feed(damaged) + decoder.feed(good * 3))
        assert set(heard) <= {("SPO2", 95), ("PR", 72)}
    assert values(decoder.feed(none * 2)) == [("SPO2", None), ("PR", None)]


def test_a_moving_rate_is_never_more_than_two_frames_late():
    decoder = NoninDecoder()
    decoder.feed(b"\x80\x48\x62" * 3)
    told = [dict(values(decoder.feed(bytes((0x80, rate, 0x62))))).get("PR") for rate in range(73, 90, 2)]
    assert told == [None, None, *range(75, 88, 2)]


def test_the_devices_clock_is_told():
    decoder = NoninDecoder()
    reply = bytes.fromhex("02 F2 06 1A 01 02 0A 0F 1E 03")
    assert decoder.feed(reply) == [DeviceStatus("MONITOR_CLOCK", active=True, detail="2026-01-02T10:15:30")]
    assert decoder.dialect is None


def test_an_awaited_answer_is_no_noise():
    decoder = NoninDecoder()
    decoder.expect_reply()
    decoder.feed(b"\x06" + b"".join(packet()))
    assert decoder.counters.bytes_discarded == 0
    assert decoder.dialect is Dialect.F2


def test_random_bytes_hardly_ever_look_like_an_oximeter():
    decoder = NoninDecoder()
    rng = np.random.default_rng(11)
    believed = 0
    for _ in range(200):
        signals = decoder.feed(rng.bytes(1000))
        believed += sum(isinstance(s, NumericReading) and s.value is not None for s in signals)
        assert decoder.buffered < LONGEST_FRAME
    counters = decoder.counters
    assert counters.bytes_in == 200_000
    assert counters.bytes_discarded > 199_500
    assert believed <= 6


@pytest.mark.parametrize("good", [b"\x80\x48\x62", b"\x80\x48\x62\x00", b"SPO2=098 HR=072\r\n"])
def test_far_off_numbers_from_damaged_frames_are_not_believed(good):
    """No checksum: of 2000 frames with one byte wrong not one number more than a fifth off gets through."""
    rng = np.random.default_rng(5)
    decoder = NoninDecoder()
    decoder.feed(good * 3)
    true = {"PR": 72, "SPO2": 98}
    wrong = 0
    for _ in range(2000):
        damaged = bytearray(good)
        damaged[rng.integers(len(good))] ^= rng.integers(1, 256)
        heard = values(decoder.feed(bytes(damaged) + good * 2))
        wrong += sum(
            value is not None and abs(value - true[name]) > 0.2 * true[name] for name, value in heard
        )
    assert wrong == 0
