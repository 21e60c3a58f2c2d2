import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.intellivue_mib.association import RELEASE as RELEASE_PAYLOAD
from devices.protocols.intellivue_mib.association import (
    PollProfile,
    association_accept,
    association_request,
    read_profile,
)
from devices.protocols.intellivue_mib.frames import (
    LONGEST_FRAME,
    MAX_PAYLOAD,
    FrameReader,
    encode_frame,
    fcs16,
)
from devices.protocols.intellivue_mib.nomenclature import ObjectClass
from devices.protocols.intellivue_mib.requests import MDS_CREATE_RESULT as RESULT_PAYLOAD
from devices.protocols.intellivue_mib.requests import extended_poll, wave_priorities
from devices.signals import Counters
from tests.devices.protocols.intellivue_mib import printed, wire_reader


@pytest.mark.parametrize(
    ("payload", "frame"),
    [
        (association_request(PollProfile()), printed.ASSOCIATION_REQUEST),
        (RESULT_PAYLOAD, printed.MDS_CREATE_RESULT),
        (extended_poll(ObjectClass.NUMERIC), printed.POLL_NUMERICS),
        (extended_poll(ObjectClass.WAVE), printed.POLL_WAVES),
        (wave_priorities((0x0102, 0x4BB4)), printed.PRIORITIES),
        (RELEASE_PAYLOAD, printed.RELEASE),
    ],
)
def test_what_the_host_sends_is_what_is_printed(payload, frame):
    assert encode_frame(payload) == frame
    assert FrameReader().feed(frame) == [payload]


def test_accept_has_the_check_sequence_of_the_real_one():
    profile = PollProfile(min_poll_ticks=0x0FA0, receive_mtu=0x03E4, send_mtu=0x03E4, extension=0x8E000000)
    payload = association_accept(profile)
    assert payload == printed.ACCEPT
    assert len(payload) == 208
    assert payload.startswith(printed.ACCEPT_BEGINS)
    assert printed.ACCEPT_USER_DATA in payload
    frame = encode_frame(payload)
    assert frame[-3:-1] == printed.ACCEPT_CHECK
    assert b"\x7d\xe1\xbe" in frame  # the C1 inside


@pytest.mark.parametrize(
    ("payload", "profile"),
    [
        (printed.ACCEPT, PollProfile(4000, 996, 996, 0x8E000000)),
        (association_request(PollProfile(8000)), PollProfile(8000, 1000, 1000, 0x8C000000)),
        (b"\x0c\x06\x11\x01\x01\x32\x01\x02", None),
        (printed.ACCEPT[:150], None),
        (b"\x0d" + printed.ACCEPT[1:], None),  # a request from a server
    ],
)
def test_profile(payload, profile):
    assert read_profile(payload) == profile


@pytest.mark.parametrize(
    ("period_ticks", "timeout_s"),
    [(8000, 10.0), (26400, 10.0), (80000, 30.0), (344000, 129.0), (400000, 130.0)],
)
def test_timeout_of_an_association(period_ticks, timeout_s):
    assert PollProfile(period_ticks).timeout_s == timeout_s


@given(payload=st.binary(max_size=600))
def test_frames_equal_those_made_bit_by_bit(payload):
    frame = encode_frame(payload)
    assert frame == wire_reader.frame(payload)
    assert FrameReader().feed(frame) == [payload]


def test_check_sequence_of_rfc_1662():
    assert fcs16(b"123456789") == bytes((0x6E, 0x90))  # CRC-16/X-25 check value 906E


@pytest.mark.parametrize(
    ("stream", "ok", "bad", "resyncs", "discarded"),
    [
        (printed.REPLY, 1, 0, 0, 0),
        (b"junk" + printed.RELEASE, 1, 0, 1, 4),
        (printed.RELEASE[:-1] + b"\xff\xc1", 0, 1, 1, 36),  # a byte too many
        (printed.RELEASE[:-3] + b"\x00\x00\xc1", 0, 1, 1, 35),
        (printed.RELEASE[:9] + b"\x7d\xc1" + printed.RELEASE, 1, 0, 1, 11),  # aborted by the sender
        (printed.RELEASE[:9] + printed.RELEASE, 1, 1, 1, 9),  # cut off
        (b"\xc0\xc1", 0, 1, 1, 2),
        (b"\xc0\x10\x01" + printed.RELEASE[3:], 0, 1, 1, 35),
        (b"\xc1", 0, 0, 1, 1),
    ],
)
def test_counters(stream, ok, bad, resyncs, discarded):
    for step in (len(stream), 1, 7):
        reader = FrameReader()
        for at in range(0, len(stream), step):
            reader.feed(stream[at : at + step])
        assert reader.counters == Counters(len(stream), ok, bad, resyncs, discarded)
        assert reader.buffered == 0


@given(payload=st.binary(min_size=1, max_size=200), data=st.data())
def test_one_damaged_byte_is_never_accepted(payload, data):
    frame = bytearray(encode_frame(payload))
    at = data.draw(st.integers(1, len(frame) - 2))
    frame[at] ^= data.draw(st.integers(1, 255))
    assert payload not in FrameReader().feed(bytes(frame))


def test_buffer_is_bounded_and_a_longer_frame_is_refused_alike_however_cut():
    stream = b"\xc0\x11\x01" + bytes(LONGEST_FRAME) + b"\xc1" + printed.RELEASE
    counted = []
    for step in (len(stream), 1, 500):
        reader = FrameReader()
        found = []
        for at in range(0, len(stream), step):
            found += reader.feed(stream[at : at + step])
            assert reader.buffered <= LONGEST_FRAME
        assert len(found) == 1
        counted.append(reader.counters)
    assert counted[0] == counted[1] == counted[2]


def test_longest_payload():
    payload = b"\xc0" * MAX_PAYLOAD
    assert FrameReader().feed(encode_frame(payload)) == [payload]
    with pytest.raises(ValueError, match="1500"):
        encode_frame(payload + b"x")


def test_a_run_of_beginnings_costs_no_more_than_its_length():
    reader = FrameReader()
    assert reader.feed(b"\xc0" * 1_000_000 + printed.RELEASE) == [RELEASE_PAYLOAD]
    assert reader.counters.frames_bad == 1_000_000
