from itertools import pairwise

import pytest

from devices.protocols.datex_dri import layout, numerics
from devices.protocols.datex_dri.decoder import DatexDriDecoder
from devices.signals import DeviceStatus, NumericReading, Quality, Signal
from tests.devices.protocols.datex_dri.dri_bytes import frame, numbers, numeric_frame, record

RUNS = 3  # exists, active
ECG_ON = (4, "L", RUNS | 9 << 3)
LEAD_II = (8, "H", 0x0200)
SPO2_ON = (122, "L", RUNS)
CODES = ("SPO2_PROBE_UNPLUGGED", "SPO2_NO_FINGER", "SPO2_SEARCHING")


def heard(*frames: bytes) -> list[Signal]:
    decoder = DatexDriDecoder()
    return [signal for data in frames for signal in decoder.feed(data)]


def readings(*frames: bytes) -> dict[str, NumericReading]:
    return {s.name: s for s in heard(*frames) if isinstance(s, NumericReading)}


def values(*frames: bytes) -> dict[str, float | None]:
    return {name: reading.value for name, reading in readings(*frames).items()}


def statuses(*frames: bytes) -> list[tuple[str, bool, str]]:
    return [(s.code, s.active, s.detail) for s in heard(*frames) if isinstance(s, DeviceStatus)]


SPECIAL = [
    (-32767, Quality.INVALID),
    (-32766, Quality.INVALID | Quality.STALE),
    (-32765, Quality.INVALID),
    (-32764, Quality.INVALID | Quality.CLIPPED),
    (-32763, Quality.INVALID | Quality.CLIPPED),
    (-32762, Quality.INVALID | Quality.QUESTIONABLE),
    (-32768, Quality.INVALID),
    (-32001, Quality.INVALID),
    (-32000, Quality.INVALID),
]


@pytest.mark.parametrize(("raw", "quality"), SPECIAL)
@pytest.mark.parametrize(
    ("name", "at", "on"),
    [("HR", 10, ECG_ON), ("RR", 18, ECG_ON), ("TEMP", 96, (90, "L", RUNS)), ("PI", 132, SPO2_ON)],
)
def test_special_values_are_none_with_a_reason(name, at, on, raw, quality):
    reading = readings(numeric_frame(on, (128, "h", 9700), (at, "h", raw)))[name]
    assert reading.value is None
    assert reading.quality == quality


def test_tiles_of_a_whole_record():
    data = numeric_frame(
        ECG_ON, LEAD_II, (10, "h", 85), (18, "h", 14), (230, "h", 85), (90, "L", RUNS), (96, "h", 3662),
        SPO2_ON, (128, "h", 9665), (130, "h", 83), (132, "h", 377),
    )  # fmt: skip
    got = readings(data)
    assert {
        name: (r.value, r.unit) for name, r in got.items() if name in ("HR", "PR", "SPO2", "RR", "PI", "TEMP")
    } == {
        "HR": (85.0, "/min"),
        "PR": (83.0, "/min"),
        "SPO2": (96.65, "%"),
        "RR": (14.0, "/min"),
        "PI": (3.77, "%"),
        "TEMP": (36.62, "Cel"),
    }
    assert all(r.quality is Quality.GOOD for r in got.values() if r.value is not None)
    assert {r.device_time_s for r in got.values()} == {1532624765.0}


def test_nothing_attached_is_none_everywhere():
    got = readings(numeric_frame())
    assert {name: reading.value for name, reading in got.items()} == dict.fromkeys(
        ("HR", "SPO2", "PR", "PI", "RR", "TEMP")
    )
    assert all(reading.quality & Quality.INVALID for reading in got.values())


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ([ECG_ON, (10, "h", 500)], "HR"),
        ([SPO2_ON, (128, "h", 10100)], "SPO2"),
        ([SPO2_ON, (128, "h", -1)], "SPO2"),
        ([(90, "L", RUNS), (96, "h", 9000)], "TEMP"),
    ],
)
def test_what_no_person_has_is_not_believed(changes, name):
    reading = readings(numeric_frame(*changes))[name]
    assert reading.value is None
    assert reading.quality & Quality.INVALID


@pytest.mark.parametrize(
    ("status", "value", "code"),
    [(0, -32767, CODES[0]), (1, -32767, CODES[1]), (3, -32767, CODES[2]), (3, 9700, None)],
)
def test_probe_states(status, value, code):
    data = numeric_frame((122, "L", status), (128, "h", value), (130, "h", 80))
    assert [s for s in statuses(data) if s[0] in CODES] == ([(code, True, "")] if code else [])
    got = readings(data)
    if code in CODES[:2]:
        assert [got[name].value for name in ("SPO2", "PR", "PI")] == [None] * 3
        assert all(got[name].quality & Quality.SENSOR_OFF for name in ("SPO2", "PR", "PI"))
    if code == CODES[2]:
        assert got["SPO2"].quality & Quality.SEARCHING


def test_probe_states_end():
    off, on = numeric_frame((122, "L", 1)), numeric_frame(SPO2_ON, (128, "h", 9700))
    mine = [s for s in statuses(off, off, on, on, off) if s[0] in CODES]
    assert mine == [(CODES[1], True, ""), (CODES[1], False, ""), (CODES[1], True, "")]


@pytest.mark.parametrize(
    ("changes", "rate"),
    [
        ([ECG_ON, (18, "h", 12)], 12.0),
        ([ECG_ON, (18, "h", 12), (136, "L", RUNS), (146, "h", 16)], 12.0),
        ([ECG_ON, (136, "L", RUNS), (146, "h", 16)], 16.0),
        ([(136, "L", RUNS), (146, "h", 16)], 16.0),
        ([(18, "h", 12)], None),
    ],
)
def test_breathing_from_impedance_else_from_gas(changes, rate):
    assert values(numeric_frame(*changes))["RR"] == rate


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([(98, "L", RUNS), (104, "h", 3700)], {"TEMP": 37.0}),
        ([(90, "L", RUNS), (96, "h", 3650), (114, "L", RUNS), (120, "h", 3300)], {"TEMP": 36.5, "T4": 33.0}),
        ([(90, "L", 1), (96, "h", 3650)], {"TEMP": None}),
    ],
)
def test_first_temperature_that_measures(changes, expected):
    got = values(numeric_frame(*changes))
    assert {name: got[name] for name in got if name[0] == "T"} == expected


EXTRA = [
    (0, (4, RUNS), [(12, 20, "ST1", 0.2), (14, -15, "ST2", -0.15), (16, 5, "ST3", 0.05)]),
    (0, (20, RUNS), [(26, 12150, "P1_SYS", 121.5), (28, 7000, "P1_DIA", 70.0), (30, 9000, "P1_MEAN", 90.0), (32, 71, "P1_HR", 71.0)]),
    (0, (258, RUNS), [(264, 2500, "P6_SYS", 25.0)]),
    (0, (136, RUNS), [(142, 487, "ETCO2", 4.87), (144, 26, "FICO2", 0.26), (146, 15, "RR_CO2", 15.0), (148, 7598, "AMBIENT_PRESSURE", 759.8)]),
    (0, (150, RUNS), [(156, 7600, "ETO2", 76.0), (158, 8000, "FIO2", 80.0)]),
    (0, (122, RUNS), [(134, 7000, "SVO2", 70.0)]),
    (1, (4, RUNS), [(12, 800, "RR_INTERVAL", 800.0), (14, 2, "PVC_RATE", 2.0)]),
    (1, (52, RUNS), [(58, 10, "ST_I", 0.1), (60, -20, "ST_II", -0.2), (80, 30, "ST_V6", 0.3)]),
    (1, (110, RUNS), [(116, 9500, "SPO2_2", 95.0), (118, 70, "PR_2", 70.0)]),
    (1, (124, RUNS), [(130, 3600, "T5", 36.0)]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "group", "fields"), EXTRA)
def test_everything_else_has_a_name_of_its_own(kind, group, fields):
    changes = [(group[0], "L", group[1]), *((at, "h", raw) for at, raw, _, _ in fields)]
    got = values(numeric_frame(*changes, kind=kind))
    assert {name: got[name] for _, _, name, _ in fields} == {name: value for _, _, name, value in fields}


def test_an_extra_that_ends_is_told_once():
    on = numeric_frame((136, "L", RUNS), (142, "h", 487))
    off = numeric_frame()
    told = [
        s.value for s in heard(off, on, off, off, on) if isinstance(s, NumericReading) and s.name == "ETCO2"
    ]
    assert told == [4.87, None, 4.87]


def test_groups_nobody_reads_are_shown_as_unknown_once():
    data = numeric_frame((182, "L", RUNS), (218, "L", RUNS), (204, "L", 1))
    told = [s for s in statuses(data, data) if s[0] == "UNKNOWN_RECORD"]
    assert told == [
        ("UNKNOWN_RECORD", True, "numerics flow and volume"),
        ("UNKNOWN_RECORD", True, "numerics NMT"),
    ]


@pytest.mark.parametrize(
    ("main", "parts", "words"),
    [
        (0, [(2, numbers())], "numerics type 02, 278 bytes"),
        (0, [(3, numbers())], "numerics type 03, 278 bytes"),
        (0, [(1, bytes(277))], "numerics type 01, 277 bytes"),
        (0, [(1, numbers(kind=7))], "numerics class 7"),
        (5, [(1, bytes(4))], "main type 05"),
        (8, [(1, bytes(4))], "main type 08"),
        (99, [], "main type 63"),
    ],
)
def test_records_nobody_reads_are_shown_as_unknown(main, parts, words):
    signals = heard(frame(record(main, parts)))
    assert DeviceStatus("UNKNOWN_RECORD", active=True, detail=words) in signals
    assert not [s for s in signals if isinstance(s, NumericReading)]


def test_a_broken_table_is_shown_as_unknown():
    data = bytearray(record(0, [(1, numbers())]))
    data[16:18] = b"\xff\x7f"
    assert ("UNKNOWN_RECORD", True, "record with a broken table") in statuses(frame(bytes(data)))


@pytest.mark.parametrize(("level", "words"), [(4, "4 ('98)"), (10, "10 ('09)"), (12, "12 (unknown)")])
def test_interface_level_is_told_when_it_changes(level, words):
    data = frame(record(0, [(1, numbers())], level=level))
    assert [s for s in statuses(data, data) if s[0] == "DRI_LEVEL"] == [("DRI_LEVEL", True, words)]


def test_layout_fills_the_union_without_overlap():
    for groups in layout.GROUPS.values():
        edges = sorted((group.at, group.at + 6 + 2 * group.values) for group in groups)
        assert all(end <= begin for (_, end), (begin, _) in pairwise(edges))
        assert edges[-1][1] <= 274
    named = {kind: {group.name for group in groups} for kind, groups in layout.GROUPS.items()}
    assert all(set(table) <= named[kind] for kind, table in numerics.EXTRAS.items())
