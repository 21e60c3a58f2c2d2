import pytest

from devices.protocols.datex_dri import requests
from devices.protocols.datex_dri.frames import FrameReader
from devices.protocols.datex_dri.records import MainType, Record, build_record, parse_record
from devices.protocols.datex_dri.requests import (
    AlarmCommand,
    AlarmsRequest,
    Classes,
    NumericsRequest,
    RecordType,
    WavesRequest,
    parse_request,
)
from tests.devices.protocols.datex_dri import dri_bytes

# protocols.md §2.4, as printed.
NUMERICS_HEAD = "7E 31" + " 00" * 20 + " FF" + " 00" * 18
WAVES_HEAD = "7E 48" + " 00" * 13 + " 01" + " 00" * 6 + " FF" + " 00" * 18
PRINTED = [
    (NUMERICS_HEAD + " 01 0A 00 0E 00 00 00 00 00 49 7E", requests.request_numerics(10)),
    (NUMERICS_HEAD + " 01 05 00 0E 00 00 00 00 00 44 7E", requests.request_numerics(5)),
    (NUMERICS_HEAD + " 01 00 00 00 00 00 00 00 00 31 7E", requests.stop_numerics()),
    (
        NUMERICS_HEAD + " 03 3C 00 0E 00 00 00 00 00 7D 5D 7E",
        requests.request_numerics(60, record_type=RecordType.TREND_60_S),
    ),
    (WAVES_HEAD + " 00 00 00 00 01 FF" + " 00" * 26 + " 48 7E", requests.request_waves([1])),
    (WAVES_HEAD + " 00 00 00 00 01 08 0F FF" + " 00" * 24 + " 5F 7E", requests.request_waves([1, 8, 15])),
    (WAVES_HEAD + " 01 00 00 00 FF" + " 00" * 27 + " 48 7E", requests.stop_waves()),
]


@pytest.mark.parametrize(("printed", "built"), PRINTED)
def test_requests_as_printed(printed, built):
    assert built == bytes.fromhex(printed)


def test_alarm_requests_by_hand():
    for command in AlarmCommand:
        body = int(command).to_bytes(2, "little") + bytes(10)
        assert requests.request_alarms(command) == dri_bytes.frame(build_record(MainType.ALARM, [(0, body)]))
        assert len(requests.request_alarms(command)) == 2 + 40 + 12 + 1


def asked(data: bytes) -> object:
    [record] = [parse_record(raw) for raw in FrameReader().feed(data)]
    assert record is not None
    return parse_request(record)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (requests.request_numerics(5, Classes.EXT1), NumericsRequest(1, 5, 2)),
        (requests.request_numerics(requests.ONCE), NumericsRequest(1, -1, 14)),
        (requests.stop_numerics(), NumericsRequest(1, 0, 0)),
        (requests.request_waves([1, 8, 15]), WavesRequest(start=True, types=(1, 8, 15))),
        (requests.request_waves(range(1, 9)), WavesRequest(start=True, types=tuple(range(1, 9)))),
        (requests.stop_waves(), WavesRequest(start=False, types=())),
        (requests.request_alarms(AlarmCommand.ENTER_DIFFERENTIAL), AlarmsRequest(2)),
    ],
)
def test_monitor_understands_what_the_host_asks(data, expected):
    assert asked(data) == expected


@pytest.mark.parametrize("types", [[], list(range(1, 10))])
def test_too_many_waves_or_none_are_refused(types):
    with pytest.raises(ValueError, match="1 to 8"):
        requests.request_waves(types)


@pytest.mark.parametrize(
    ("main", "parts"),
    [
        (0, []),
        (0, [(1, bytes(9))]),
        (0, [(0, bytes(8))]),
        (1, [(0, bytes(31))]),
        (1, [(0, b"\x02" + bytes(31))]),
        (4, [(0, bytes(11))]),
        (5, [(0, bytes(12))]),
        (0, [(0, bytes(9)), (0, bytes(9))]),
    ],
)
def test_what_is_no_request_is_none(main, parts):
    assert parse_request(Record(0, 0, 0, main, tuple(parts))) is None


def test_record_by_hand_and_back():
    parts = [(8, b"abcdef"), (32, b"gh"), (1, b"i")]
    data = dri_bytes.record(1, parts, number=300, time_s=0x5B59FF7D)
    assert parse_record(data) == Record(44, 10, 0x5B59FF7D, 1, tuple(parts))
    built = build_record(1, parts, number=300, level=10, time_s=0x5B59FF7D)
    assert parse_record(built) == parse_record(data)
    assert dri_bytes.read(dri_bytes.frame(built))[0].parts == parts


def test_eight_parts_fill_the_table_and_nine_do_not_fit():
    parts = [(n + 1, bytes((n,))) for n in range(8)]
    record = parse_record(build_record(0, parts))
    assert record is not None
    assert list(record.parts) == parts
    assert record.device_time_s is None
    with pytest.raises(ValueError, match="at most 8"):
        build_record(0, [*parts, (9, b"x")])


@pytest.mark.parametrize("offset", [-1, 4, 3000])
def test_a_table_that_points_outside_is_no_record(offset):
    data = bytearray(dri_bytes.record(1, [(8, b"abc")]))
    data[16:18] = offset.to_bytes(2, "little", signed=True)
    assert parse_record(bytes(data)) is None
