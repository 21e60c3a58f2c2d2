import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.intellivue_mib.decoder import Heard, IntellivueDecoder
from devices.protocols.intellivue_mib.frames import LONGEST_FRAME, encode_frame
from devices.protocols.intellivue_mib.messages import read_attributes
from devices.signals import (
    DeviceIdentity,
    DeviceStatus,
    NibpResult,
    NumericReading,
    Quality,
)
from tests.devices.protocols.intellivue_mib import printed
from tests.devices.protocols.intellivue_mib import wire_writer as w


def feed(*frames):
    return IntellivueDecoder().feed(b"".join(frames))


def test_printed_reply():
    assert feed(printed.REPLY) == [
        NumericReading("HR", 72.0, "/min"),
        NumericReading("SPO2", 98.0, "%"),
        NibpResult(122.0, 78.0, 93.0, device_time_s=1767348930.0),
    ]


def test_empty_reply_of_the_real_capture_says_nothing():
    decoder = IntellivueDecoder()
    assert decoder.feed(printed.EMPTY_REPLY) == []
    assert decoder.counters.frames_ok == 1


@pytest.mark.parametrize(
    ("printed_attribute", "reading"),
    [
        ("4182 0000 0AA0 0000003C", NumericReading("HR", 60.0, "/min")),
        ("4BB8 8000 0220 007FFFFF", NumericReading("SPO2", None, "%", Quality.INVALID)),
        (
            "4BB8 2000 0220 FF0003D4",
            NumericReading("SPO2", None, "%", Quality.INVALID),
        ),  # a number, but unavailable
        (
            "4BB8 0000 0220 007FFFFF",
            NumericReading("SPO2", None, "%", Quality.INVALID),
        ),  # no number, but no flag
        ("4BB8 4000 0220 FF0003D4", NumericReading("SPO2", 98.0, "%", Quality.QUESTIONABLE)),
        ("4822 0002 0AA0 00000048", NumericReading("PR", 72.0, "/min")),
        ("4BB0 0000 0200 FF000023", NumericReading("PI", 3.5, "1")),
        ("500A 0400 0AE0 0000000F", NumericReading("RR", 15.0, "/min", Quality.DEMO)),
        ("4B48 0000 17A0 FF00016E", NumericReading("TEMP", 36.6, "Cel")),
        ("4B48 0000 1140 FF0003DB", NumericReading("TEMP", 37.06, "Cel")),  # 98.7 degF
        ("4261 0000 0AA0 00000002", NumericReading("PVC", 2.0, "/min")),
        ("9ABC 0000 0ABC 00000007", NumericReading("NUMERIC_9ABC", 7.0, "{unit 0ABC}")),
    ],
)
def test_numerics(printed_attribute, reading):
    assert feed(w.poll(w.NUMERIC, [(0x8400, [(0x0950, bytes.fromhex(printed_attribute))])])) == [reading]


def test_compound_numeric_gives_each_part_its_name():
    parts = w.compound([w.value(0x0301, 0, 0x0512, "FF000005"), w.value(0x0302, 0, 0x0512, "FFFFFFF8")])
    st_object = (0x8300, [w.label(0x0300), (0x094B, parts)])
    assert feed(w.poll(w.NUMERIC, [st_object])) == [
        NumericReading("ST_I", 0.5, "mm"),
        NumericReading("ST_II", -0.8, "mm"),
    ]


def test_own_label_of_an_unknown_numeric_is_remembered():
    named = (0x8700, [(0x0927, w.text("BIS")), (0x0950, w.value(0x9000, 0, 0x0200, w.whole(44)))])
    later = (0x8700, [(0x0950, w.value(0x9000, 0, 0x0200, w.whole(45)))])
    names = [s.name for s in feed(w.poll(w.NUMERIC, [named]), w.poll(w.NUMERIC, [later], ticks=16000))]
    assert names == ["BIS", "BIS"]


def test_objects_without_a_value_say_nothing():
    assert feed(w.poll(w.NUMERIC, [(0x82CF, [w.label(0x4182)]), (0x8272, [w.label(0x4A04)])])) == []


def test_reading_split_over_linked_parts():
    pulse = (
        0x8276,
        [(0x0990, bytes.fromhex("2026010210153000")), (0x0950, w.value(0xF0E5, 0, 0x0AA0, w.whole(70)))],
    )
    first = w.poll(w.NUMERIC, [w.numeric(0x82CF, 0x4182, 0, 0x0AA0, w.whole(61)), w.cuff("2026010210153000", (122, 78, 93))],
                   linked=1)  # fmt: skip
    last = w.poll(w.NUMERIC, [pulse], linked=3)
    empty = w.poll(w.NUMERIC, [])
    decoder = IntellivueDecoder()
    assert decoder.feed(first) == [NumericReading("HR", 61.0, "/min")]
    assert decoder.feed(last) == []
    assert decoder.feed(empty) == [NibpResult(122.0, 78.0, 93.0, 70.0, device_time_s=1767348930.0)]


@pytest.mark.parametrize(
    ("pulse_time", "pulse"), [("2026010210153000", 70.0), ("2026010210103000", None)], ids=["same", "older"]
)
def test_pulse_belongs_to_the_reading_of_its_time_only(pulse_time, pulse):
    value = (0x0950, w.value(0xF0E5, 0, 0x0AA0, w.whole(70)))
    objects = [
        (0x8276, [(0x0990, bytes.fromhex(pulse_time)), value]),
        w.cuff("2026010210153000", (122, 78, 93)),
    ]
    (result,) = feed(w.poll(w.NUMERIC, objects))
    assert result.pulse_per_min == pulse


def test_pressures_in_kilopascal():
    parts = [w.value(0x4A05 + k, 0, 0x0F03, f"FF{v:06X}") for k, v in enumerate((160, 107, 125))]
    cuff = (0x8272, [(0x0990, bytes.fromhex("2026010210153000")), (0x094B, w.compound(parts))])
    (result,) = feed(w.poll(w.NUMERIC, [cuff]))
    assert (result.systolic_mmhg, result.diastolic_mmhg) == (120.0, 80.3)


def test_memory_for_objects_is_bounded():
    decoder = IntellivueDecoder()
    for handle in range(700):
        decoder.feed(w.poll(w.WAVE, [(handle, w.PLETH_SPEC)]))
        decoder.feed(w.poll(w.NUMERIC, [w.numeric(handle, 0x4182, 0, 0x0AA0, w.whole(60))]))
    assert len(decoder._waves) == len(decoder._labels) == 512


MODEL = struct.pack(">H", 8) + b"Philips\0" + struct.pack(">H", 6) + b"M8000\0"
PRODUCTION = w.compound(
    [
        struct.pack(">HHH", 1, 0, 10) + b"DE1234567\0",
        struct.pack(">HHH", 4, 0, 8) + b"K.10.55\0",
    ]
)


def test_mds_create_names_the_monitor_and_sets_its_clock():
    heard = []
    decoder = IntellivueDecoder(lambda what, number: heard.append((what, number)))
    attributes = [(0x0928, MODEL), (0x092D, PRODUCTION), (0x0987, bytes.fromhex("2026010210000000"))]
    identity = DeviceIdentity("Philips", "M8000", "DE1234567", "K.10.55")
    assert decoder.feed(w.mds_create(attributes, ticks=8000)) == [identity]
    assert heard == [(Heard.MDS_CREATED, 1)]
    (reading,) = decoder.feed(
        w.poll(w.NUMERIC, [w.numeric(1, 0x4182, 0, 0x0AA0, w.whole(60))], ticks=8000 + 4000)
    )
    assert reading.device_time_s == 1767348000.5
    assert decoder.feed(w.poll(w.MDS, [(1, attributes)], single=True)) == []  # nothing new


def test_clock_may_go_back():
    decoder = IntellivueDecoder()
    times = []
    for k, shown in enumerate(("2026010210000000", "2026010209000000")):
        decoder.feed(w.poll(w.MDS, [(1, [(0x0987, bytes.fromhex(shown))])], ticks=8000 * k))
        one = w.poll(w.NUMERIC, [w.numeric(1, 0x4182, 0, 0x0AA0, w.whole(60))], ticks=8000 * k)
        times += [reading.device_time_s for reading in decoder.feed(one)]
    assert times == [1767348000.0, 1767344400.0]


def test_time_of_the_reply_itself_is_taken_where_it_is_set():
    one = w.poll(
        w.NUMERIC, [w.numeric(1, 0x4182, 0, 0x0AA0, w.whole(60))], time=bytes.fromhex("2026010210000000")
    )
    assert feed(one)[0].device_time_s == 1767348000.0


@pytest.mark.parametrize(
    ("payload", "what"),
    [
        (printed.ACCEPT, (Heard.ACCEPTED, 4000)),
        (bytes.fromhex("0C 06 11 01 01 32 01 02"), (Heard.REFUSED, 0)),
        (bytes.fromhex("0A 18 C1 16 61 80"), (Heard.RELEASED, 0)),
        (bytes.fromhex("19 2E 11 01 03"), (Heard.ABORTED, 0)),
    ],
)
def test_session_messages(payload, what):
    heard = []
    IntellivueDecoder(lambda kind, number: heard.append((kind, number))).feed(encode_frame(payload))
    assert heard == [what]


def test_trouble_of_the_session_is_told_and_taken_back():
    signals = feed(
        *map(
            encode_frame, (bytes.fromhex("0C06"), bytes.fromhex("0C06"), printed.ACCEPT, bytes.fromhex("19"))
        )
    )
    assert [(s.code, s.active) for s in signals] == [("SESSION", True), ("SESSION", False), ("SESSION", True)]
    assert signals[0].detail.startswith("refused")


def test_error_names_what_was_refused():
    heard = []
    decoder = IntellivueDecoder(lambda kind, number: heard.append((kind, number)))
    assert decoder.feed(w.message(3, 2, b"", invoke_id=4)) == []
    assert heard == [(Heard.ERROR, 4)]


@pytest.mark.parametrize(
    ("frame", "detail"),
    [
        (w.poll(0x0005, []), "object class 0005"),
        (w.message(1, 1, bytes.fromhex("002100000000000000010D140000")), "event 0D14"),
        (w.message(7, 1, b""), "data message 0007 command 0001"),
        (encode_frame(bytes.fromhex("0D01")), "message 0D"),
        (encode_frame(b""), "message empty that cannot be read"),
        (encode_frame(bytes.fromhex("E100")), "message E1 that cannot be read"),
        (w.poll(w.NUMERIC, [(1, [(0x0950, b"\x41")])]), "message E1 that cannot be read"),
        (w.message(2, 7, bytes.fromhex("002100000000F13B0000")), "message E1 that cannot be read"),
        (w.poll(w.WAVE, [(1, [(0x096E, struct.pack(">HHH", 1, 0, 99))])]), "message E1 that cannot be read"),
    ],
)
def test_what_nobody_knows_is_told_once(frame, detail):
    assert feed(frame, frame) == [DeviceStatus("UNKNOWN_RECORD", True, detail)]


@pytest.mark.parametrize("listed", ["0002 0004 0950 0000", "0001 0010 0950 0000", "0001 0004 0950 0004"])
def test_attribute_lists_that_are_cut_off(listed):
    with pytest.raises(struct.error):
        read_attributes(bytes.fromhex(listed))


def test_answer_to_another_action_says_nothing():
    assert feed(w.message(2, 7, bytes.fromhex("002100000000 0C17 0000"))) == []


@given(body=st.binary(max_size=120), kind=st.sampled_from([2, 5, 1, 3]), command=st.integers(0, 8))
def test_any_message_that_holds_its_check_is_survived(body, kind, command):
    decoder = IntellivueDecoder()
    decoder.feed(w.message(kind, command, bytes.fromhex("002100000000F13B0000") + body))
    decoder.feed(encode_frame(body))
    assert decoder.counters.frames_ok == 2


@given(
    kind=st.sampled_from([w.NUMERIC, w.WAVE, w.ALARMS, w.MDS]),
    attributes=st.lists(
        st.tuples(st.sampled_from([0x0950, 0x094B, 0x0990, 0x096E, 0x0967, 0x096D, 0x098D, 0x096F, 0x0A16, 0x0902, 0x0904,
                                   0x0916, 0x0924, 0x0927, 0x0928, 0x092D, 0x0987, 0x098F, 0x0996]), st.binary(max_size=24)),
        max_size=6,
    ),
)  # fmt: skip
def test_any_attribute_is_survived(kind, attributes):
    decoder = IntellivueDecoder()
    for ticks in (1, 2049):
        decoder.feed(w.poll(kind, [(7, attributes)], ticks=ticks))
    assert decoder.counters.frames_ok == 2


def test_noise_is_survived_in_bounded_memory():
    rng = np.random.default_rng(5)
    decoder = IntellivueDecoder()
    for _ in range(500):
        assert decoder.feed(rng.bytes(1024)) == []
        assert decoder.buffered <= LONGEST_FRAME
    assert decoder.counters.bytes_discarded + decoder.buffered == 512_000
    assert decoder.feed(printed.REPLY)
