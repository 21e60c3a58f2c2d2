import pytest

from devices.protocols.nonin.pleth import SCALE_8_BIT, SCALE_16_BIT, PlethStream
from devices.signals import Quality


def send(stream, frames, missing=()):
    """Put frames ``frames`` of a device into the stream, SYNC every 25, without those missing."""
    for k in frames:
        if k in missing:
            continue
        if k % 25 == 0:
            stream.take_sync()
        stream.add(k % 251, SCALE_8_BIT, Quality.GOOD)


def placed(stream):
    return {
        chunk.first_sample + i: int(sample)
        for chunk in stream.take()
        for i, sample in enumerate(chunk.samples)
    }


def test_without_a_loss_samples_follow_each_other():
    stream = PlethStream()
    send(stream, range(100))
    (chunk,) = stream.take()
    assert (chunk.name, chunk.rate_hz, chunk.first_sample, len(chunk.samples)) == ("PLETH", 75.0, 0, 100)
    send(stream, range(100, 130))
    (chunk,) = stream.take()
    assert (chunk.first_sample, len(chunk.samples)) == (100, 30)


@pytest.mark.parametrize("missing", [{30}, {30, 31, 47}, {25}, set(range(26, 50)), {49, 50}])
def test_after_the_next_sync_every_sample_is_in_its_place(missing):
    stream = PlethStream()
    send(stream, range(125), missing)
    found = placed(stream)
    assert len(found) == 125 - len(missing)
    assert all(found[k] == k % 251 for k in range(75, 125))


def test_whole_packets_are_told_by_the_bytes_thrown_away():
    stream = PlethStream()
    missing = set(range(35, 97))  # two packets and twelve frames: 310 bytes
    send(stream, range(35))
    stream.bytes_lost(310)
    send(stream, range(97, 150))
    found = placed(stream)
    assert all(found[k] == k % 251 for k in range(100, 150))
    assert not missing & set(found) - set(range(35 + 50, 97))


def test_before_the_first_sync_nothing_is_thought_missing():
    stream = PlethStream()
    send(stream, range(7, 60))
    assert min(placed(stream)) == 0
    assert stream.position == 53


def test_a_change_of_mark_or_scale_begins_a_new_chunk():
    stream = PlethStream()
    stream.add(1, SCALE_8_BIT, Quality.GOOD)
    stream.add(2, SCALE_8_BIT, Quality.SENSOR_OFF)
    stream.add(3, SCALE_16_BIT, Quality.SENSOR_OFF)
    assert [(c.first_sample, c.quality, c.scale.high) for c in stream.take()] == [
        (0, Quality.GOOD, 255),
        (1, Quality.SENSOR_OFF, 255),
        (2, Quality.SENSOR_OFF, 65535),
    ]
