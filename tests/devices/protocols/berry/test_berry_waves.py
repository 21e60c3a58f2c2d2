import pytest

from devices.protocols.berry.decoder import BerryDecoder
from devices.protocols.berry.frames import encode_frame
from devices.signals import DeviceStatus, Quality, WaveChunk


def ecg(*counts):
    return encode_frame(0x01, bytes(counts * 7 if len(counts) == 1 else counts))


def params(status):
    return encode_frame(0x02, bytes((status, 72, 16, 0, 1)))


def statuses(signals):
    found = [signal for signal in signals if isinstance(signal, DeviceStatus)]
    return [status for status in found if status.code != "RHYTHM"]


CLIPPING = ecg(249, 137, 1, 8, 249, 24, 48)


def test_captured_clipping_is_told_after_a_second_and_when_it_ends():
    decoder = BerryDecoder()
    assert statuses(decoder.feed(CLIPPING * 249)) == []
    assert statuses(decoder.feed(CLIPPING)) == [DeviceStatus("ECG_CLIPPED", True, "I, III, AVL")]
    marked = {c.name: c.quality for c in decoder.feed(CLIPPING) if isinstance(c, WaveChunk)}
    assert [name for name, quality in marked.items() if quality is Quality.CLIPPED] == [
        "ECG_I",
        "ECG_III",
        "ECG_AVL",
    ]
    assert statuses(decoder.feed(ecg(128) * 499)) == [DeviceStatus("ECG_CLIPPED", False)]


@pytest.mark.parametrize(("clipped", "told"), [(49, False), (50, True)])
def test_clipping_begins_at_a_fifth_of_a_second(clipped, told):
    signals = BerryDecoder().feed(ecg(0) * clipped + ecg(128) * (250 - clipped))
    assert bool(statuses(signals)) is told


def test_lead_off_at_the_edge_is_not_clipping():
    decoder = BerryDecoder()
    signals = decoder.feed(params(0x1A) + CLIPPING * 500)
    assert "ECG_CLIPPED" not in [status.code for status in statuses(signals)]


def test_gain_change_restarts_the_clipping_second():
    decoder = BerryDecoder()
    signals = decoder.feed(CLIPPING * 200 + params(0x14) + ecg(128) * 249)
    assert "ECG_CLIPPED" not in [status.code for status in statuses(signals)]
