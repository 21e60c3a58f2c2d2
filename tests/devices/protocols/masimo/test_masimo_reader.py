from devices.protocols.masimo.reader import LineReader

LINE = b"01/02/26 10:15:30 SN=0000012345 SPO2=098% BPM=072 ALARM=0000 EXC=000800\r\n"


def good(reader, data):
    return [heard.line is not None for heard in reader.feed(data)]


def test_a_line_ends_with_cr_lf():
    reader = LineReader()
    assert good(reader, LINE[:-1]) == []
    assert reader.buffered == len(LINE) - 1
    assert good(reader, LINE[-1:]) == [True]
    assert good(reader, LINE.replace(b"\r\n", b"\n")) == [False]
    assert (reader.counters.frames_ok, reader.counters.frames_bad, reader.counters.resyncs) == (1, 1, 1)


def test_noise_before_a_line_is_thrown_away_and_told():
    reader = LineReader()
    (heard,) = reader.feed(b"\x00\xffBPM=0" + LINE)
    assert heard.line is not None
    assert heard.damaged
    assert reader.counters.bytes_discarded == 7
    (heard,) = reader.feed(LINE)
    assert not heard.damaged


def test_a_line_cut_short_costs_only_itself():
    reader = LineReader()
    assert good(reader, LINE + LINE[:40] + LINE) == [True, True]
    assert reader.counters.bytes_discarded == 40


def test_text_without_an_end_is_not_kept():
    reader = LineReader()
    for _ in range(100):
        assert good(reader, b"0123456789" * 10) == []
        assert reader.buffered <= 400
    assert good(reader, LINE) == [True]
    counters = reader.counters
    assert counters.bytes_in == counters.bytes_discarded + len(LINE) == 10_000 + len(LINE)


def test_other_text_is_told_from_noise():
    reader = LineReader()
    assert [heard.printable for heard in reader.feed(b"TREND DUMP OF 01/02/26\r\n\xff\xfe\r\n\r\n")] == [
        True,
        False,
        False,
    ]
