import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.bci.decoder import BciDecoder
from devices.protocols.bci.frames import BEEP, LONGEST_BUFFER, ProbeFrame, encode_frame
from devices.protocols.bci.pleth import MOST_HELD
from devices.signals import BeatMark, DeviceStatus, NumericReading, Quality, WaveChunk, WaveScale

OFF = Quality.SENSOR_OFF | Quality.INVALID
LOST = Quality.SEARCHING | Quality.INVALID
GOOD = bytes.fromhex("85 40 09 48 62")


def spo2(value, quality=Quality.GOOD):
    return NumericReading("SPO2", value, "%", quality)


def pr(value, quality=Quality.GOOD):
    return NumericReading("PR", value, "/min", quality)


def frame(pleth=64, pulse=72, saturation=98, *, strength=5, bar=9, first=0, third=0):
    return encode_frame(ProbeFrame(strength, pleth, bar, pulse, saturation, first, third))


def numbers(signals):
    return [s for s in signals if isinstance(s, NumericReading)]


def statuses(signals):
    return [s for s in signals if isinstance(s, DeviceStatus)]


def chunks(signals):
    return [s for s in signals if isinstance(s, WaveChunk)]


@pytest.mark.parametrize(
    ("printed", "said", "pleth"),
    [
        ("85 40 09 48 62", [spo2(98.0), pr(72.0)], 64),
        ("C5 40 49 02 61", [spo2(97.0), pr(130.0), BeatMark("PLETH")], 64),
        (
            "80 00 50 7F 7F",
            [DeviceStatus("SPO2_NO_FINGER", active=True), spo2(None, OFF), pr(None, OFF)],
            0,
        ),
    ],
)
def test_printed_frames(printed, said, pleth):
    *rest, wave = BciDecoder().feed(bytes.fromhex(printed))
    assert rest == said
    assert (wave.name, wave.rate_hz, wave.first_sample, wave.samples.tolist()) == ("PLETH", 100.0, 0, [pleth])
    assert wave.samples.dtype == np.int32
    assert wave.scale == WaveScale("1", None, 50, 0, 100)
    assert wave.quality == (Quality.GOOD if pleth else Quality.INVALID)


@pytest.mark.parametrize("piece", [5, 500, 5000])
def test_strength_and_bar_of_the_signal_are_told_once_a_second(piece):
    stream = (
        frame(bar=9) * 100
        + frame(bar=12) * 50
        + frame(strength=15, bar=0) * 150
        + frame(strength=4, bar=0) * 9
    )
    decoder = BciDecoder()
    signals = [s for at in range(0, len(stream), piece) for s in decoder.feed(stream[at : at + piece])]
    told = [(s.name, s.value) for s in numbers(signals) if s.name not in {"SPO2", "PR"}]
    assert told == [
        ("SIGNAL_STRENGTH", 5.0),
        ("PULSE_BAR", 12.0),
        ("SIGNAL_STRENGTH", None),
        ("PULSE_BAR", 0.0),
        ("PULSE_BAR", 0.0),  # its strength has been seen only once
    ]


@pytest.mark.parametrize(
    ("first", "third", "rate_hz", "condition", "mark"),
    [
        (0x20, 0x00, 100.0, ("SPO2_PROBE_UNPLUGGED", ""), OFF),
        (0x00, 0x10, 100.0, ("SPO2_NO_FINGER", ""), OFF),
        (0x20, 0x10, 100.0, ("SPO2_PROBE_UNPLUGGED", ""), OFF),
        (0x00, 0x20, 100.0, ("SPO2_SEARCHING", ""), Quality.SEARCHING),
        (0x10, 0x00, 100.0, ("SPO2_SEARCHING", "no signal"), Quality.SEARCHING),
        (0x10, 0x20, 100.0, ("SPO2_SEARCHING", ""), Quality.SEARCHING),
        (0x10, 0x10, 100.0, ("SPO2_NO_FINGER", ""), OFF),
        (0x10, 0x00, 60.0, ("SPO2_NO_FINGER", ""), OFF),
        (0x00, 0x10, 60.0, ("SPO2_PROBE_UNPLUGGED", "probe error"), OFF),
        (0x10, 0x10, 60.0, ("SPO2_PROBE_UNPLUGGED", "probe error"), OFF),
        (0x00, 0x20, 60.0, ("SPO2_SEARCHING", ""), Quality.SEARCHING),
        (0x20, 0x00, 60.0, ("MONITOR_ALARM", "SpO2 dropping"), Quality.GOOD),
    ],
)
def test_every_flag_in_both_dialects(first, third, rate_hz, condition, mark):
    decoder = BciDecoder()
    decoder.feed(frame() * 2)
    decoder.set_rate(rate_hz)
    signals = decoder.feed(frame(first=first, third=third) * 2)
    code, words = condition
    assert statuses(signals) == [DeviceStatus(code, active=True, detail=words)]
    off = mark == OFF
    assert numbers(signals) == [spo2(None if off else 98.0, mark), pr(None if off else 72.0, mark)]
    signals = decoder.feed(frame() * 2)
    assert statuses(signals) == [DeviceStatus(code, active=False)]
    assert numbers(signals) == [spo2(98.0), pr(72.0)]


@pytest.mark.parametrize(
    ("pulse", "saturation", "expected"),
    [
        (255, 127, (None, None)),
        (None, 98, (None, 98.0)),
        (72, None, (72.0, None)),
        (0, 0, (None, None)),
        (254, 100, (254.0, 100.0)),
        (128, 1, (128.0, 1.0)),
        (127, 99, (127.0, 99.0)),
        (200, 98, (200.0, 98.0)),
    ],
)
def test_invalid_codes_and_edges(pulse, saturation, expected):
    heard = numbers(BciDecoder().feed(frame(pulse=pulse, saturation=saturation)))
    assert (heard[1].value, heard[0].value) == expected
    for reading in heard:
        assert bool(reading.quality & Quality.INVALID) == (reading.value is None)


@pytest.mark.parametrize(("strength", "weak"), [(0, True), (2, True), (3, False), (8, False), (15, False)])
def test_low_signal_strength_marks_the_numbers(strength, weak):
    mark = Quality.WEAK if weak else Quality.GOOD
    assert numbers(BciDecoder().feed(frame(strength=strength))) == [spo2(98.0, mark), pr(72.0, mark)]


def test_a_change_is_believed_from_its_second_frame_on():
    decoder = BciDecoder()
    decoder.feed(frame())
    assert numbers(decoder.feed(frame(pulse=76))) == []
    assert numbers(decoder.feed(frame(pulse=76))) == [spo2(98.0), pr(76.0)]
    assert numbers(decoder.feed(frame(pulse=80) + frame(pulse=84) + frame(pulse=76))) == []
    assert numbers(decoder.feed(frame(pulse=80) + b"\x00" + frame(pulse=80))) == []  # not on end
    assert statuses(decoder.feed(frame(pulse=76, first=0x20) + frame(pulse=76))) == []


def test_unchanged_numbers_are_told_once_a_second():
    decoder = BciDecoder()
    told = [len(numbers(decoder.feed(frame()))) for _ in range(350)]
    assert [k for k, count in enumerate(told) if count] == [0, 100, 200, 300]
    slow = BciDecoder()
    slow.feed(frame())
    slow.set_rate(60.0)
    told = [len(numbers(slow.feed(frame()))) for _ in range(130)]
    assert [k + 1 for k, count in enumerate(told) if count] == [60, 120]


def test_a_beat_is_the_beginning_of_a_beep_and_no_shorter_than_a_beat_can_be():
    beep, quiet = frame(first=BEEP), frame()
    stream = quiet * 10 + beep * 5 + quiet * 5 + beep + quiet * 30 + beep * 2 + quiet
    assert BciDecoder().feed(stream).count(BeatMark("PLETH")) == 2
    decoder = BciDecoder()
    single = [signal for at in range(len(stream)) for signal in decoder.feed(stream[at : at + 1])]
    assert single.count(BeatMark("PLETH")) == 2


def test_samples_are_numbered_and_damage_leaves_a_gap():
    decoder = BciDecoder()
    stream = b"".join(frame(pleth) for pleth in range(1, 11)) + frame(11)[:4] + frame(12) + frame(13)
    pieces = [(chunk.first_sample, chunk.samples.tolist()) for chunk in chunks(decoder.feed(stream))]
    assert pieces == [(0, [*range(1, 11)]), (11, [12, 13])]


def test_samples_of_zero_are_marked_and_keep_their_place():
    heard = chunks(BciDecoder().feed(frame(50) * 3 + frame(0) * 2 + frame(60)))
    assert [(c.first_sample, len(c.samples), c.quality) for c in heard] == [
        (0, 3, Quality.GOOD),
        (3, 2, Quality.INVALID),
        (5, 1, Quality.GOOD),
    ]


def test_the_wave_waits_for_its_rate():
    decoder = BciDecoder(rate_hz=None)
    assert chunks(decoder.feed(frame() * 80)) == []
    (chunk,) = chunks(decoder.set_rate(60.0))
    assert (chunk.rate_hz, chunk.first_sample, len(chunk.samples)) == (60.0, 0, 80)
    assert chunk.scale == WaveScale("1", None, 64, 0, 127)
    assert chunks(decoder.feed(frame()))[0].first_sample == 80


def test_the_wave_does_not_wait_for_ever():
    decoder = BciDecoder(rate_hz=None)
    signals = [s for _ in range(MOST_HELD) for s in decoder.feed(frame())]
    assert sum(len(c.samples) for c in chunks(signals)) == MOST_HELD
    assert decoder.rate_hz == 100.0


def test_the_meaning_of_flags_follows_the_rate():
    decoder = BciDecoder(rate_hz=None)
    dropping = frame(saturation=84, first=0x20)
    assert DeviceStatus("SPO2_PROBE_UNPLUGGED", active=True) in decoder.feed(dropping * 50)
    signals = decoder.set_rate(60.0)
    assert statuses(signals) == [
        DeviceStatus("SPO2_PROBE_UNPLUGGED", active=False),
        DeviceStatus("MONITOR_ALARM", active=True, detail="SpO2 dropping"),
    ]
    assert numbers(signals) == [spo2(84.0), pr(72.0)]
    assert statuses(decoder.set_rate(60.0)) == []


def beating(rate_hz, pulse, seconds):
    """A stream whose beeps fit its pulse rate at ``rate_hz``."""
    every = rate_hz * 60 / pulse
    begins = {round(k * every) + d for k in range(1, int(seconds * pulse / 60) + 2) for d in range(3)}
    return b"".join(
        frame(20 + k % 60, pulse=pulse, first=BEEP if k in begins else 0)
        for k in range(round(seconds * rate_hz))
    )


@pytest.mark.parametrize("rate_hz", [100.0, 60.0])
def test_a_capture_tells_its_rate_by_its_beeps(rate_hz):
    stream = beating(rate_hz, 75, 12)
    heard = chunks(BciDecoder().feed(stream))
    assert heard[-1].rate_hz == rate_hz
    assert sum(len(c.samples) for c in heard if c.rate_hz == rate_hz) >= 6 * rate_hz
    pieces = BciDecoder()
    by_block = [s for at in range(0, len(stream), 37) for s in pieces.feed(stream[at : at + 37])]
    rates = {c.first_sample: c.rate_hz for c in chunks(by_block)}
    turning = min((c.first_sample for c in heard if c.rate_hz == rate_hz), default=0)
    assert all((rate == rate_hz) == (at >= turning) for at, rate in rates.items())


def test_arrival_outranks_beeps():
    decoder = BciDecoder(rate_hz=None)
    decoder.set_rate(100.0)
    assert {c.rate_hz for c in chunks(decoder.feed(beating(60.0, 75, 12)))} == {100.0}


@pytest.mark.parametrize("kind", ["flip", "random", "drop", "double"])
def test_damaged_frames_are_not_believed(kind):
    """Protocols without a checksum: at most 1 in 200 damaged frames (here: none of 5000) gives a false number."""
    rng = np.random.default_rng(11)
    pleth = 50 + 40 * np.sin(np.arange(50_000) / 12)
    clean = [frame(int(level), pulse=76, saturation=97) for level in pleth]
    for at in range(5, len(clean), 10):
        spot = int(rng.integers(0, 5))
        whole = bytearray(clean[at])
        if kind == "flip":
            whole[spot] ^= 1 << int(rng.integers(0, 8))
        elif kind == "random":
            whole[spot] = int(rng.integers(0, 256))
        elif kind == "drop":
            del whole[spot]
        else:
            whole.insert(spot, whole[spot])
        clean[at] = bytes(whole)
    decoder = BciDecoder()
    signals = [s for at in range(0, len(clean), 500) for s in decoder.feed(b"".join(clean[at : at + 500]))]
    heard = [number for number in numbers(signals) if number.name in {"SPO2", "PR"}]
    assert len(heard) >= 900
    strengths = {number.value for number in numbers(signals) if number.name == "SIGNAL_STRENGTH"}
    assert strengths == {5.0}
    assert {(s.name, s.value, s.quality) for s in heard} == {
        ("SPO2", 97.0, Quality.GOOD),
        ("PR", 76.0, Quality.GOOD),
    }
    assert statuses(signals) == []
    ends = [c.first_sample + len(c.samples) for c in chunks(signals)]
    assert abs(ends[-1] - len(clean)) <= 0.01 * len(clean)


@given(
    st.lists(
        st.one_of(st.binary(max_size=60), st.sampled_from([GOOD, frame(0, None, None, third=0x10)])),
        max_size=30,
    )
)
def test_any_bytes_are_taken(pieces):
    decoder = BciDecoder()
    next_sample = 0
    for piece in pieces:
        for chunk in chunks(decoder.feed(piece)):
            assert chunk.first_sample >= next_sample
            next_sample = chunk.first_sample + len(chunk.samples)
        assert decoder.buffered <= LONGEST_BUFFER
    counters = decoder.counters
    assert counters.bytes_in == sum(map(len, pieces))
    assert counters.bytes_in == 5 * counters.frames_ok + counters.bytes_discarded + decoder.buffered
