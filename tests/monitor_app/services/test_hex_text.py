"""Hexadecimal text in pieces, against the bytes it was written from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import KnownError
from monitor_app.services.hex_text import bytes_of_hex


def read(*pieces: bytes) -> bytes:
    return b"".join(bytes_of_hex(pieces, name="x.txt"))


@given(
    st.binary(max_size=200),
    st.sampled_from([" ", "", "\n", ", ", ":", "\r\n"]),
    st.integers(1, 40),
    st.booleans(),
)
def test_any_cut_of_any_dress_gives_the_bytes(data, separator, size, upper):
    text = separator.join(f"{byte:02X}" if upper else f"{byte:02x}" for byte in data).encode()
    assert read(*(text[i : i + size] for i in range(0, len(text), size))) == data


def test_a_line_without_end_is_read_as_it_comes():
    seen = []

    def endless():
        for _ in range(50):
            yield b"55aa0" * 200
            seen.append(len(got))

    got = bytearray()
    for part in bytes_of_hex(endless(), name="x"):
        got += part
    assert bytes(got) == bytes.fromhex("55aa0" * 10_000)
    assert seen[-1] > 0.9 * len(got)


def test_comments_and_prefixes():
    assert read(b"# from a phone photo\n0x55, 0xAA  # head\n04\n") == b"\x55\xaa\x04"


@pytest.mark.parametrize("text", [b"55 A", b"55 GG", b"hello", b"\xff\xfe", b"0x5"])
def test_what_is_no_hex_names_file_and_line(text):
    with pytest.raises(KnownError, match=r"x\.txt, line 2"):
        read(b"55 AA\n" + text)
