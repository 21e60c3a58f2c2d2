import pytest

from devices.protocols.nonin.packet import FRAMES, Packet, PacketReader, TimerWatch, identity, main_readings
from devices.protocols.nonin.sensor import ATTACHED


def packet(**floats):
    """A packet of zeros but for frames named f1 … f25."""
    octets = [0] * FRAMES
    for name, value in floats.items():
        octets[int(name[1:]) - 1] = value
    return Packet(tuple(octets))


def take(reader, floats, *, sync=True, lost_at=None):
    done = [reader.take(value, sync=sync and k == 0, lost=k == lost_at) for k, value in enumerate(floats)]
    return [p for p in done if p is not None]


@pytest.mark.parametrize(
    ("high", "low", "rate"),
    [(0, 72, 72), (1, 0x48, 200), (2, 0x41, 321), (0, 127, 127), (1, 0, 128), (3, 0x7F, None), (0, 0, None)],
)
def test_pulse_rates_are_nine_bits(high, low, rate):
    """High part times 128: a rate of 200 comes out right (protocols.md §5.3)."""
    assert packet(f20=high, f21=low).rate(20) == rate


@pytest.mark.parametrize(
    ("count", "spo2"), [(1, 1), (98, 98), (100, 100), (101, None), (126, None), (127, None), (0, None)]
)
def test_saturation_and_its_marks(count, spo2):
    assert packet(f9=count).spo2(9) == spo2


def test_the_display_values_are_preferred():
    values = packet(f1=0, f2=60, f3=90, f9=98, f20=1, f21=0x48)
    assert [(r.name, r.value) for r in main_readings(values, ATTACHED)] == [("SPO2", 98), ("PR", 200)]


def test_a_device_without_display_values_gives_those_of_four_beats():
    values = packet(f1=1, f2=0x48, f3=90)
    assert [r.value for r in main_readings(values, ATTACHED)] == [90, 200]


def test_missing_display_values_are_not_replaced():
    values = packet(f1=0, f2=60, f3=90, f9=127, f20=3, f21=127)
    assert [r.value for r in main_readings(values, ATTACHED)] == [None, None]


def test_revision_battery_and_timer():
    values = packet(f4=0x29, f6=1, f7=2, f8=0x21)
    assert values.timer == 130
    assert values.low_battery
    assert identity(values).firmware == "0x29"
    assert identity(packet()) is None


def test_a_packet_is_25_frames_from_sync():
    reader = PacketReader()
    assert take(reader, range(25), sync=False) == []
    assert take(reader, range(25)) == [Packet(tuple(range(25)))]
    assert take(reader, range(25), sync=False) == []


def test_a_short_packet_is_dropped():
    reader = PacketReader()
    assert take(reader, range(24)) == []
    assert take(reader, range(25)) == [Packet(tuple(range(25)))]


def test_a_packet_with_noise_in_it_counts_when_the_next_sync_is_in_its_place():
    reader = PacketReader()
    assert take(reader, range(25), lost_at=7) == []
    assert take(reader, range(25)) == [Packet(tuple(range(25)))] * 2


def test_a_packet_that_lost_a_frame_and_took_one_of_the_next_is_dropped():
    reader = PacketReader()
    assert take(reader, range(24), lost_at=7) == []
    assert take(reader, range(24), sync=False) == []
    assert take(reader, range(25)) == [Packet(tuple(range(25)))]


@pytest.mark.parametrize(
    ("steps", "lost"),
    [
        pytest.param([(5, 0), (6, 1), (7, 1)], [0, 0, 0], id="nothing is missing"),
        pytest.param([(5, 0), (6, 1), (10, 1)], [0, 0, 3], id="three left no trace"),
        pytest.param([(5, 0), (6, 1), (10, 4)], [0, 0, 0], id="three were known to be lost"),
        pytest.param([(16382, 0), (16383, 1), (1, 1)], [0, 0, 1], id="round the end"),
        pytest.param([(5, 0), (6, 1), (0, 1)], [0, 0, 0], id="a restart"),
        pytest.param([(0, 0), (0, 1), (9, 1)], [0, 0, 0], id="a timer that does not run"),
        pytest.param([(5, 0), (6, 1), (200, 1)], [0, 0, 0], id="too long to be believed"),
    ],
)
def test_the_timer_tells_of_packets_that_left_no_trace(steps, lost):
    watch = TimerWatch()
    assert [watch.lost(timer, gone) for timer, gone in steps] == lost
