import struct

import pytest

from devices.protocols.datex_dri.alarms import (
    MESSAGE_BYTES,
    SILENCE_WORDS,
    AlarmMessage,
    Colour,
    ShownAlarm,
    build_alarms,
    parse_alarms,
)
from devices.protocols.datex_dri.decoder import DatexDriDecoder
from devices.signals import DeviceStatus
from tests.devices.protocols.datex_dri.dri_bytes import frame, record


def message(*alarms: tuple[int, bytes], sound: int = 1, silence: int = 0) -> bytes:
    """An alarm sub-record by hand: five words, five places of 98 bytes, five words."""
    places = b"".join(
        struct.pack("<80s9h", text, 1, colour, 1, *[0] * 6)
        for colour, text in [*alarms, *[(0, b"")] * (5 - len(alarms))]
    )
    return struct.pack("<5h", 0, sound, 0, 0, silence) + places + bytes(10)


def told(*messages: bytes) -> list[tuple[str, bool, str]]:
    decoder = DatexDriDecoder()
    signals = [s for part in messages for s in decoder.feed(frame(record(4, [(1, part)])))]
    return [
        (s.code, s.active, s.detail) for s in signals if isinstance(s, DeviceStatus) and s.code != "DRI_LEVEL"
    ]


@pytest.mark.parametrize(("colour", "word"), [(1, "white"), (2, "yellow"), (3, "red")])
def test_colours(colour, word):
    assert told(message((colour, b"HR high")), message()) == [
        ("MONITOR_ALARM", True, word),
        ("MONITOR_ALARM_TEXT", True, "HR high"),
        ("MONITOR_ALARM", False, ""),
        ("MONITOR_ALARM_TEXT", False, "HR high"),
    ]


def test_most_urgent_colour_counts_and_a_repeat_says_nothing():
    first = message((2, b"HR hoch"), (1, b"EKG"))
    worse = message((3, b"Asystolie"), (2, b"HR hoch"))
    assert told(first, first, worse) == [
        ("MONITOR_ALARM", True, "yellow"),
        ("MONITOR_ALARM_TEXT", True, "HR hoch"),
        ("MONITOR_ALARM_TEXT", True, "EKG"),
        ("MONITOR_ALARM", False, ""),
        ("MONITOR_ALARM", True, "red"),
        ("MONITOR_ALARM_TEXT", False, "EKG"),
        ("MONITOR_ALARM_TEXT", True, "Asystolie"),
    ]


def test_text_without_colour_is_no_alarm():
    assert told(message((0, b"HR"))) == []


def test_colour_that_nobody_described_is_shown_as_unknown():
    assert told(message((7, b"?")))[0] == ("UNKNOWN_RECORD", True, "alarm colour 7")


@pytest.mark.parametrize("text", [b"\xc4rger\x00rest", b"\xff" * 80, b"a\x07b\nc"])
def test_text_of_any_kind_is_shown_as_far_as_it_can_be(text):
    words = [detail for code, _, detail in told(message((1, text))) if code == "MONITOR_ALARM_TEXT"]
    assert len(words) == 1
    assert words[0].isprintable()


@pytest.mark.parametrize(("code", "words"), [*SILENCE_WORDS.items(), (9, "code 9")])
def test_silenced_sounds(code, words):
    assert told(message(silence=code), message()) == [
        ("MONITOR_ALARM_SILENCED", True, words),
        ("MONITOR_ALARM_SILENCED", False, ""),
    ]


@pytest.mark.parametrize(("kind", "size"), [(1, 499), (2, MESSAGE_BYTES)])
def test_what_is_no_alarm_message_is_shown_as_unknown(kind, size):
    decoder = DatexDriDecoder()
    signals = decoder.feed(frame(record(4, [(kind, bytes(size))])))
    assert signals[-1] == DeviceStatus(
        "UNKNOWN_RECORD", active=True, detail=f"alarm type {kind:02X}, {size} bytes"
    )


def test_emulated_message_as_by_hand():
    built = build_alarms(
        AlarmMessage((ShownAlarm(Colour.RED, "Asystole"), ShownAlarm(Colour.WHITE, "Probe")), silence=5)
    )
    by_hand = bytearray(message((3, b"Asystole"), (1, b"Probe"), silence=5))
    for place in (2, 3, 4):  # nothing changed in the empty places
        struct.pack_into("<h", by_hand, 10 + 98 * place + 80, 0)
        struct.pack_into("<h", by_hand, 10 + 98 * place + 84, 0)
    assert built == bytes(by_hand)
    assert len(built) == MESSAGE_BYTES == 510
    assert parse_alarms(built) == AlarmMessage((ShownAlarm(3, "Asystole"), ShownAlarm(1, "Probe")), silence=5)


def test_marks_of_change():
    before = (ShownAlarm(Colour.RED, "Asystole"),)
    built = build_alarms(AlarmMessage((ShownAlarm(Colour.YELLOW, "Asystole"),)), before)
    assert struct.unpack_from("<3h", built, 90) == (0, 2, 1)
