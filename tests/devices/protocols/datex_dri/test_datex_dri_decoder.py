from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.protocols.datex_dri.decoder import DatexDriDecoder
from devices.protocols.datex_dri.frames import LONGEST_FRAME
from devices.signals import DeviceStatus, NibpResult, NumericReading, Quality, Signal, WaveChunk
from tests.devices.protocols.datex_dri import dri_bytes
from tests.devices.protocols.datex_dri.dri_bytes import at, samples_of


def decode(*pieces: bytes) -> tuple[list[Signal], DatexDriDecoder]:
    decoder = DatexDriDecoder()
    return [signal for piece in pieces for signal in decoder.feed(piece)], decoder


def capture(folder: Path) -> bytes:
    return (folder / "ge_dri" / "db02.raw").read_bytes()


def whole_frames(data: bytes) -> bytes:
    """The capture without the frame it breaks off in."""
    return data[: data.rindex(b"\x7e\x7e") + 1]


def test_capture_has_the_frames_its_readme_counts(shared_captures: Path):
    data = capture(shared_captures)
    _, decoder = decode(data)
    counters = decoder.counters
    assert (counters.frames_ok, counters.frames_bad, counters.resyncs) == (213, 0, 0)
    assert (decoder.numeric_records, decoder.wave_records) == (107, 106)
    assert counters.bytes_in == len(data) == 173192
    assert decoder.level == 10


def test_first_record_of_the_capture(shared_captures: Path):
    signals, _ = decode(capture(shared_captures)[:1300])
    got = {s.name: s.value for s in signals if isinstance(s, NumericReading)}
    wanted = {
        "HR": 80.0, "RR": 15.0, "SPO2": 96.65, "PR": 83.0, "PI": 3.77, "ETCO2": 4.87, "FICO2": 0.26, "RR_CO2": 15.0,
        "AMBIENT_PRESSURE": 759.8, "HR_MAX": 82.0, "HR_MIN": 71.0, "ST1": 0.0, "TEMP": None,
    }  # fmt: skip
    assert {name: got[name] for name in wanted} == wanted
    assert DeviceStatus("NIBP_HELD", active=True, detail="93/48 (69) mmHg, time unknown") in signals
    assert DeviceStatus("NIBP_AUTO", active=True) in signals
    times = {s.device_time_s for s in signals if isinstance(s, NumericReading)}
    assert times == {1532624765.0}  # 2018-07-26T17:06:05Z


def test_capture_reads_as_an_independent_reader_reads_it(shared_captures: Path):
    data = capture(shared_captures)
    signals, _ = decode(data)
    seen = dri_bytes.read(whole_frames(data))
    assert len(seen) == 213
    basic = [record.parts[0][1] for record in seen if record.main == 0]
    heart = [s.value for s in signals if isinstance(s, NumericReading) and s.name == "HR"]
    oxygen = [s.value for s in signals if isinstance(s, NumericReading) and s.name == "SPO2"]
    assert heart == [float(at(part, 10)) for part in basic]
    assert oxygen == [at(part, 128) / 100 for part in basic]
    for name, place in (("PLETH", 0), ("ENTROPY", 1)):
        chunks = [s for s in signals if isinstance(s, WaveChunk) and s.name == name]
        wanted = [samples_of(record.parts[place][1])[1] for record in seen if record.main == 1]
        assert [chunk.samples.tolist() for chunk in chunks] == wanted
        assert [chunk.first_sample for chunk in chunks] == list(range(0, 10600, 100))


def test_capture_has_no_result_and_one_old_reading(shared_captures: Path):
    signals, _ = decode(capture(shared_captures))
    assert not [s for s in signals if isinstance(s, NibpResult)]
    told = [s.detail for s in signals if isinstance(s, DeviceStatus) and s.code == "NIBP_OLD"]
    assert told == [""]


def test_capture_tells_each_unknown_thing_once(shared_captures: Path):
    signals, _ = decode(capture(shared_captures))
    unknown = [s.detail for s in signals if isinstance(s, DeviceStatus) and s.code == "UNKNOWN_RECORD"]
    assert len(unknown) == len(set(unknown))
    assert "numerics flow and volume" in unknown


def test_capture_cut_anyhow(shared_captures: Path):
    data = capture(shared_captures)[:20000]
    whole, one = decode(data)
    cut, other = decode(*(data[k : k + 7] for k in range(0, len(data), 7)))
    assert [repr(s) for s in cut] == [repr(s) for s in whole]
    assert one.counters == other.counters


def test_damage_in_the_capture_is_never_believed(shared_captures: Path):
    """One byte in each frame is changed, differently each time: the sum of eight bits finds every single one."""
    data = whole_frames(capture(shared_captures))
    rng = np.random.default_rng(3)
    frames = [b"\x7e" + body + b"\x7e" for body in data.split(b"\x7e") if body]
    decoder = DatexDriDecoder()
    for _ in range(5):
        for frame in frames:
            spoilt = bytearray(frame)
            spoilt[rng.integers(1, len(frame) - 1)] ^= 1 << rng.integers(8)
            decoder.feed(bytes(spoilt))
    assert decoder.counters.frames_ok == 0


def test_a_million_random_bytes_are_harmless():
    rng = np.random.default_rng(11)
    decoder = DatexDriDecoder()
    for _ in range(250):
        decoder.feed(rng.bytes(4000))
        assert decoder.buffered <= LONGEST_FRAME
    counters = decoder.counters
    assert counters.bytes_in == 1_000_000
    assert counters.frames_ok == 0
    assert counters.bytes_discarded + decoder.buffered == counters.bytes_in


@settings(max_examples=150)
@given(
    main=st.sampled_from([0, 1, 4, 5, 8, -1]),
    parts=st.lists(st.tuples(st.integers(0, 254), st.binary(max_size=600)), max_size=2),
    number=st.integers(0, 255),
)
def test_any_valid_frame_is_read_without_complaint(main, parts, number):
    data = dri_bytes.frame(dri_bytes.record(main, parts, number=number))
    _, decoder = decode(data, data)
    assert decoder.counters.frames_ok == 2


@settings(max_examples=100)
@given(parts=st.lists(st.tuples(st.sampled_from([1, 4]), st.binary(min_size=278, max_size=278)), max_size=5))
def test_any_numbers_are_in_their_ranges_or_none(parts):
    signals, _ = decode(dri_bytes.frame(dri_bytes.record(0, parts)))
    readings = [s for s in signals if isinstance(s, NumericReading)]
    assert all(s.value is not None or s.quality & Quality.INVALID for s in readings)
    assert all(0 <= s.value <= 100 for s in readings if s.name == "SPO2" and s.value is not None)
