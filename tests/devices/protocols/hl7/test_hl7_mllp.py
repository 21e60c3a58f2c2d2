import numpy as np
import pytest

from devices.protocols.hl7.mllp import END, LONGEST_MESSAGE, MAX_BUFFERED, START, MllpReader, frame_message
from devices.signals import Counters

HELLO = b"\x0bMSH|hello\r\x1c\r"
"""By hand, as protocols.md §4 frames it."""


def reader(**kwargs) -> MllpReader[bytes]:
    return MllpReader(lambda body: body if body.startswith(b"MSH") else None, **kwargs)


def test_framing():
    assert frame_message(b"MSH|hello\r") == HELLO
    assert (START, END) == (b"\x0b", b"\x1c\x0d")


def test_messages_come_out_in_order_and_counted():
    r = reader()
    assert r.feed(HELLO * 3) == [b"MSH|hello\r"] * 3
    assert r.counters == Counters(bytes_in=3 * len(HELLO), frames_ok=3)


@pytest.mark.parametrize(
    ("data", "messages", "bad", "discarded"),
    [
        (b"junk" + HELLO, 1, 0, 4),
        (HELLO[:-2] + HELLO, 1, 1, len(HELLO) - 2),  # its end was lost
        (HELLO[1:] + HELLO, 1, 0, len(HELLO) - 1),  # its beginning was lost
        (b"\x0bPID|1\r\x1c\r" + HELLO, 1, 1, 9),  # not understood
        (b"\x0b\x1c\r" + HELLO, 1, 1, 3),  # empty
        (b"\x0b\x0b" + HELLO, 1, 2, 2),
        (b"\x0bMSH|hello\r\x1c\n" + HELLO, 1, 1, len(HELLO)),  # end mark damaged
        (b"\x1c\r\x1c\r" + HELLO, 1, 0, 4),
    ],
)
def test_damage_costs_only_itself(data, messages, bad, discarded):
    for pieces in ([data], [data[k : k + 1] for k in range(len(data))]):
        r = reader()
        assert sum(len(r.feed(piece)) for piece in pieces) == messages
        assert (r.counters.frames_bad, r.counters.bytes_discarded, r.buffered) == (bad, discarded, 0)
        assert r.counters.bytes_in == len(data)


def test_damage_is_told_where_it_happened():
    heard: list[object] = []
    r = MllpReader(lambda body: heard.append(body) or body, lambda: heard.append("damage"))
    r.feed(HELLO + b"xx" + HELLO)
    assert heard == [b"MSH|hello\r", "damage", b"MSH|hello\r"]


def test_an_endless_message_is_given_up():
    r = reader()
    for _ in range(3 * MAX_BUFFERED // 1000):
        r.feed(b"A" * 999 if r.counters.bytes_in else START + b"A" * 999)
        assert r.buffered <= MAX_BUFFERED
    assert r.counters.frames_bad == 1
    assert r.feed(HELLO) == [b"MSH|hello\r"]


def test_a_message_longer_than_allowed_is_refused_even_in_one_piece():
    long = START + b"MSH" + b"A" * LONGEST_MESSAGE + END
    r = reader()
    assert r.feed(long + HELLO) == [b"MSH|hello\r"]
    assert r.counters.frames_bad == 1


def test_random_bytes_keep_the_books():
    r = MllpReader(lambda body: body)
    rng = np.random.default_rng(11)
    fed = 0
    good = 0
    for _ in range(50):
        piece = rng.bytes(20_000)
        fed += len(piece)
        good += sum(len(body) + 3 for body in r.feed(piece))
        assert r.buffered <= MAX_BUFFERED
    assert fed == r.counters.bytes_in == good + r.counters.bytes_discarded + r.buffered
