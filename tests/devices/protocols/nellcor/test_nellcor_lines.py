from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.nellcor.lines import LONGEST_LINE, LineReader
from devices.signals import Counters


def read(reader, *pieces):
    """Accept lines that begin with G, reject the others, skip empty ones."""
    lines = []
    for piece in pieces:
        for line in reader.feed(piece):
            lines.append(line)
            if not line.strip():
                reader.skip_empty(line)
            elif line.startswith(b"G"):
                reader.accept()
            else:
                reader.reject(line)
    return lines


def test_lines_end_at_line_feeds():
    reader = LineReader()
    assert read(reader, b"Good\r\nGa", b"", b"ve\nG") == [b"Good\r\n", b"Gave\n"]
    assert reader.buffered == 1
    assert reader.counters == Counters(bytes_in=12, frames_ok=2)


def test_bad_lines_are_counted_and_one_resync_for_a_run_of_them():
    reader = LineReader()
    read(reader, b"Good\nbad\nbad\nGood\nbad\n")
    assert reader.counters == Counters(22, frames_ok=2, frames_bad=3, resyncs=2, bytes_discarded=12)


def test_empty_lines_are_neither_good_nor_bad():
    reader = LineReader()
    read(reader, b"\r\n\r\n  \r\nGood\r\n")
    assert reader.counters == Counters(14, frames_ok=1, bytes_discarded=8)


def test_flow_control_characters_are_no_part_of_a_line():
    reader = LineReader()
    assert read(reader, b"\x11Go\x13", b"od\r\x11\n") == [b"Good\r\n"]
    assert reader.counters == Counters(9, frames_ok=1, bytes_discarded=3)


def test_a_line_without_end_keeps_its_last_bytes():
    whole, single = LineReader(), LineReader()
    stream = b"x" * 1000 + b"G" * 20 + b"\n"
    lines = read(whole, stream)
    assert read(single, *(stream[i : i + 1] for i in range(len(stream)))) == lines
    assert [len(line) for line in lines] == [LONGEST_LINE + 1]
    assert whole.counters == single.counters


@given(st.lists(st.one_of(st.binary(max_size=300), st.just(b"Good\r\n"), st.just(b"\x11\x13")), max_size=12))
def test_counters_add_up_and_cutting_changes_nothing(pieces):
    whole, parts = LineReader(), LineReader()
    stream = b"".join(pieces)
    lines = read(whole, stream)
    assert read(parts, *pieces) == lines
    assert whole.counters == parts.counters
    good = sum(len(line) for line in lines if line.startswith(b"G") and line.strip())
    counters = whole.counters
    assert counters.bytes_in == len(stream) == good + counters.bytes_discarded + whole.buffered
    assert whole.buffered <= LONGEST_LINE
