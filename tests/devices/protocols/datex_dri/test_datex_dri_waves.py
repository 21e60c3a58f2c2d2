from itertools import pairwise

import numpy as np
import pytest

from devices.protocols.datex_dri.decoder import DatexDriDecoder
from devices.signals import DeviceStatus, Signal, WaveChunk
from tests.devices.protocols.datex_dri.dri_bytes import frame, record, wave_frame, wave_part

GAP = 0x1


def heard(*frames: bytes) -> list[Signal]:
    decoder = DatexDriDecoder()
    return [signal for data in frames for signal in decoder.feed(data)]


def chunks(*frames: bytes, name: str = "PLETH") -> list[WaveChunk]:
    return [s for s in heard(*frames) if isinstance(s, WaveChunk) and s.name == name]


def firsts(*frames: bytes, name: str = "PLETH") -> list[int]:
    return [chunk.first_sample for chunk in chunks(*frames, name=name)]


@pytest.mark.parametrize(
    ("kind", "name", "rate_hz", "unit", "value"),
    [
        (1, "ECG1", 300, "mV", 1.234), (2, "ECG2", 300, "mV", 1.234), (3, "ECG3", 300, "mV", 1.234),
        (4, "P1", 100, "mm[Hg]", 12.34), (7, "P4", 100, "mm[Hg]", 12.34), (8, "PLETH", 100, "%", 12.34),
        (38, "PLETH_2", 100, "%", 12.34), (9, "CO2", 25, "%", 12.34), (15, "RESP", 25, "Ohm", 12.34),
        (39, "RESP_FINE", 100, "Ohm", 12.34),
    ],
)  # fmt: skip
def test_types_with_their_rates_and_units(kind, name, rate_hz, unit, value):
    [chunk] = chunks(wave_frame(0, (kind, [1234, -5])), name=name)
    assert (chunk.rate_hz, chunk.scale.unit) == (rate_hz, unit)
    assert chunk.scale.physical(chunk.samples)[0] == pytest.approx(value)


def test_entropy_is_kept_without_a_scale():
    [chunk] = chunks(wave_frame(0, (32, [130, 110])), name="ENTROPY")
    assert (chunk.rate_hz, chunk.scale.unit_per_count, chunk.samples.tolist()) == (100.0, None, [130, 110])


@pytest.mark.parametrize("kind", [0, 10, 14, 18, 22, 23, 24, 29, 35, 99])
def test_other_types_are_shown_as_unknown_once(kind):
    signals = heard(*(wave_frame(n, (kind, [1, 2]), (8, [3])) for n in range(3)))
    told = [s for s in signals if isinstance(s, DeviceStatus) and s.code == "UNKNOWN_RECORD"]
    assert told == [DeviceStatus("UNKNOWN_RECORD", active=True, detail=f"wave type {kind:02X}")]
    assert len([s for s in signals if isinstance(s, WaveChunk)]) == 3


@pytest.mark.parametrize(
    "part", [b"", b"\x01", wave_part([1, 2])[:-1], b"\xff\xff" + bytes(6), b"\x10\x00" + bytes(6)]
)
def test_a_packet_that_contradicts_itself_is_shown_as_unknown(part):
    signals = heard(frame(record(1, [(8, part), (15, wave_part([7]))])))
    assert [s.name for s in signals if isinstance(s, WaveChunk)] == ["RESP"]
    codes = [s.code for s in signals if isinstance(s, DeviceStatus)]
    assert codes.count("UNKNOWN_RECORD") == 1


def test_sample_counts_wobble():
    frames = [wave_frame(n, (8, [0] * count)) for n, count in enumerate((100, 99, 101, 100))]
    assert firsts(*frames) == [0, 100, 199, 300]


@pytest.mark.parametrize(("number", "lost"), [(1, 0), (2, 1), (5, 4), (200, 199)])
def test_lost_packets_are_counted_by_the_running_number(number, lost):
    frames = [wave_frame(0, (8, [0] * 50), (15, [0] * 12)), wave_frame(number, (8, [0] * 50), (15, [0] * 13))]
    assert firsts(*frames) == [0, 50 + 50 * lost]
    assert firsts(*frames, name="RESP") == [0, 12 + 12 * lost]


def test_the_number_goes_round():
    frames = [wave_frame(n % 256, (8, [0] * 10)) for n in range(250, 520)]
    assert all(b - a == 10 for a, b in pairwise(firsts(*frames)))
    assert firsts(wave_frame(254, (8, [0] * 10)), wave_frame(1, (8, [0] * 10))) == [0, 30]


def test_numbers_of_other_records_do_not_count():
    frames = [
        wave_frame(0, (8, [0] * 10)), frame(record(0, [], number=7)), frame(record(0, [], number=9)),
        wave_frame(1, (8, [0] * 10)),
    ]  # fmt: skip
    assert firsts(*frames) == [0, 10]


def test_gap_bit_alone_leaves_one_sample_open():
    frames = [wave_frame(n, (8, [0] * 10), status=GAP if n == 1 else 0) for n in range(3)]
    assert firsts(*frames) == [0, 11, 21]
    assert firsts(wave_frame(0, (8, [0] * 10), status=GAP), wave_frame(1, (8, [0] * 10))) == [0, 10]


def test_gap_bit_with_lost_packets_is_not_counted_twice():
    assert firsts(wave_frame(0, (8, [0] * 10)), wave_frame(3, (8, [0] * 10), status=GAP)) == [0, 30]


def test_numbering_that_begins_anew_is_no_loss_of_hundreds():
    frames = [wave_frame(n, (8, [0] * 10)) for n in range(30)]
    again = wave_frame(0, (8, [0] * 10), status=GAP)
    assert firsts(*frames, again)[-1] == 301
    assert firsts(*frames, frames[-1])[-1] == 301


@pytest.mark.parametrize("status", [0x0002, 0x0653, 0x07B2, 0xFFF2])
def test_bits_that_mean_nothing_are_masked(status):
    frames = [wave_frame(n, (8, [0] * 10), status=status & ~GAP) for n in range(3)]
    assert firsts(*frames) == [0, 10, 20]


@pytest.mark.parametrize(
    ("samples", "runs"),
    [
        ([1, 2, -32767, 4], [(0, [1, 2]), (3, [4])]),
        ([-32767, 2, 3, -32768], [(1, [2, 3])]),
        ([-32000, -32000], []),
        ([-31999, 32767], [(0, [-31999, 32767])]),
        ([], []),
    ],
)
def test_control_codes_are_gaps(samples, runs):
    got = chunks(wave_frame(0, (8, samples)), wave_frame(1, (8, [9])))
    assert [(c.first_sample, c.samples.tolist()) for c in got[:-1]] == runs
    assert got[-1].first_sample == len(samples)
    assert all(c.samples.dtype == np.int32 for c in got)
