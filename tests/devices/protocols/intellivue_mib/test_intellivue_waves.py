import struct

import numpy as np
import pytest

from devices.protocols.intellivue_mib.decoder import IntellivueDecoder
from devices.signals import DeviceStatus, Quality, WaveChunk
from tests.devices.protocols.intellivue_mib import wire_writer as w


def feed(*frames):
    return IntellivueDecoder().feed(b"".join(frames))


def chunks(signals):
    return [signal for signal in signals if isinstance(signal, WaveChunk)]


def test_ecg_block_of_the_real_capture():
    samples = [0x201F, 0x2021, 0x2022, 0x2023]
    described = (0x8100, [*w.ECG_SPEC, (0x0967, w.compound([w.block(0x0102, 0, samples)]))])
    (chunk,) = feed(w.poll(w.WAVE, [described]))
    assert (chunk.name, chunk.rate_hz, chunk.first_sample) == ("ECG_II", 250.0, 0)
    assert chunk.samples.dtype == np.int32
    assert chunk.scale.unit == "mV"
    assert chunk.scale.physical(chunk.samples) == pytest.approx([0.155, 0.165, 0.170, 0.175], abs=1e-9)
    assert (chunk.scale.low, chunk.scale.high) == (0, 16383)


def test_flat_pleth_of_the_real_capture_has_no_unit():
    described = (0x8410, [*w.PLETH_SPEC, (0x096E, w.block(0x4BB4, 0, [0x0800] * 32))])
    (chunk,) = feed(w.poll(w.WAVE, [described]))
    assert (chunk.name, chunk.rate_hz, len(chunk.samples)) == ("PLETH", 125.0, 32)
    assert chunk.scale.unit_per_count is None
    assert not chunk.scale.physical(chunk.samples).any()


def test_description_is_kept_for_blocks_without_one():
    described = w.poll(w.WAVE, [(0x8410, [*w.PLETH_SPEC, (0x096E, w.block(0x4BB4, 0, [1] * 32))])])
    later = [
        w.poll(w.WAVE, [(0x8410, [(0x096E, w.block(0x4BB4, 0, [k] * 32))])], ticks=8000 + 2048 * k)
        for k in (1, 2, 3)
    ]
    assert [chunk.first_sample for chunk in chunks(feed(described, *later))] == [0, 32, 64, 96]


def test_block_before_its_description_is_told_once_and_not_guessed():
    naked = [w.poll(w.WAVE, [(0x8410, [(0x096E, w.block(0x4BB4, 0, [1] * 32))])], ticks=k) for k in (1, 2049)]
    assert feed(*naked) == [DeviceStatus("UNKNOWN_RECORD", True, "wave 4BB4 before its description")]


@pytest.mark.parametrize(
    ("ticks", "first"),
    [
        (10048, 32),
        (10548, 32),  # a late reply
        (12096, 64),  # one block lost
        (8000 + 2048 * 10, 320),
        (8000, None),  # heard already
        (100, 32),  # the monitor was restarted
        (2**32 - 1, 32),  # a step back
    ],
)
def test_lost_blocks_are_counted(ticks, first):
    frames = [
        w.poll(w.WAVE, [(0x8410, [*w.PLETH_SPEC, (0x096E, w.block(0x4BB4, 0, [1] * 32))])], ticks=at)
        for at in (8000, ticks)
    ]
    assert [c.first_sample for c in chunks(feed(*frames))][1:] == ([] if first is None else [first])


def test_relative_time_may_wrap():
    frames = [
        w.poll(w.WAVE, [(0x8410, [*w.PLETH_SPEC, (0x096E, w.block(0x4BB4, 0, [1] * 32))])], ticks=at)
        for at in (2**32 - 1000, 1048 + 2048)
    ]
    assert [c.first_sample for c in chunks(feed(*frames))] == [0, 64]


def test_eight_bit_samples_masks_and_states():
    spec = [(0x096D, bytes.fromhex("000408060000")), (0x098D, bytes.fromhex("00000040"))]
    fixed = (0x0A16, w.compound([struct.pack(">HH", 4, 0x40), struct.pack(">HH", 2, 0x80)]))
    octets = bytes((1, 2, 0x43, 0x84))
    value = struct.pack(">HHH", 0x4BB4, 0x4000, 4) + octets
    (chunk,) = feed(w.poll(w.WAVE, [(1, [*spec, fixed, (0x096E, value)])]))
    assert chunk.samples.tolist() == [1, 2, 3, 4]
    assert chunk.quality == Quality.QUESTIONABLE | Quality.CLIPPED


def test_unknown_waves_are_shown_under_their_own_name():
    named = (9, [*w.PLETH_SPEC, (0x0927, w.text("ABP")), (0x096E, w.block(0x4A10, 0x8000, [5] * 4))])
    nameless = (10, [*w.PLETH_SPEC, (0x096E, w.block(0x4A14, 0, [5] * 4))])
    found = chunks(feed(w.poll(w.WAVE, [named, nameless])))
    assert [(c.name, c.quality) for c in found] == [("ABP", Quality.INVALID), ("WAVE_4A14", Quality.GOOD)]


@pytest.mark.parametrize(
    ("scale", "unit", "per_count", "unit_told"),
    [
        ("FEFFF000 FD009FFB 0000 3FFF", 0x10B2, 0.005, "mV"),
        ("FEFFF000 FEFFF000 0000 3FFF", 0x10B2, None, "1"),  # no span
        ("007FFFFF FD009FFB 0000 3FFF", 0x10B2, None, "1"),  # not a number
        ("FEFFF000 FD009FFB 3FFF 3FFF", 0x10B2, None, "1"),  # one count
        ("00000000 00000064 0000 0064", 0x0F20, 1.0, "mm[Hg]"),
        ("00000000 00000064 0000 0064", 0x0ABC, None, "1"),  # a unit nobody knows
    ],
)
def test_scales(scale, unit, per_count, unit_told):
    spec = [(0x096D, bytes.fromhex("0040100E3000")), (0x098D, bytes.fromhex("00000020"))]
    more = [(0x0964, bytes.fromhex(scale)), (0x0996, struct.pack(">H", unit))]
    (chunk,) = feed(w.poll(w.WAVE, [(1, [*spec, *more, (0x096E, w.block(0x0102, 0, [1, 2]))])]))
    assert chunk.scale.unit == unit_told
    assert chunk.scale.unit_per_count == (None if per_count is None else pytest.approx(per_count))


@pytest.mark.parametrize("spec", ["004020200000", "004010110000", "004010000000"])
def test_sample_sizes_nobody_sends_are_not_guessed(spec):
    described = [(0x096D, bytes.fromhex(spec)), (0x098D, bytes.fromhex("00000020"))]
    signals = feed(w.poll(w.WAVE, [(1, [*described, (0x096E, w.block(0x0102, 0, [1, 2]))])]))
    assert signals == [DeviceStatus("UNKNOWN_RECORD", True, "wave 0102 before its description")]
