from pathlib import Path

import numpy as np
import pytest

from devices.declarative_file import load_declarative
from devices.protocols.delimited.lines import MAX_BUFFERED
from devices.signals import DeviceIdentity, DeviceStatus, NibpFailure, NibpResult, NumericReading, Quality
from tests.devices.drivers.test_declarative_conformance import line

HERE = Path(__file__).parent
SPOT, FIELDS, PCD = (
    load_declarative(HERE / f"{name}.toml") for name in ("acme_spot", "acme_fields", "mindray_like")
)
CUFF = "SYS={},DIA=78,MAP=92,BPS={},BPT=2026-01-02 10:{:02d}:00"


def feed(device, *data):
    decoder = device.driver().capture_decoder()
    return [signal for piece in data for signal in decoder.feed(piece)]


def values(signals):
    return {s.name: s.value for s in signals if isinstance(s, NumericReading)}


def results(signals):
    return [s.failure or s.systolic_mmhg for s in signals if isinstance(s, NibpResult)]


def statuses(signals):
    return [(s.code, s.active, s.detail) for s in signals if isinstance(s, DeviceStatus)]


def test_values_units_scale_and_device_time():
    signals = feed(SPOT, line("T=2026-01-02 10:15:30,HR=72,SPO2=98%,BPM=073,TMP=366"))
    assert signals == [
        NumericReading("HR", 72.0, "/min", device_time_s=1767348930.0),
        NumericReading("SPO2", 98.0, "%", device_time_s=1767348930.0),
        NumericReading("PR", 73.0, "/min", device_time_s=1767348930.0),
        NumericReading("TEMP", 36.6, "Cel", device_time_s=1767348930.0),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SPO2=---%", {"SPO2": None}),
        ("SPO2=---", {"SPO2": None}),
        ("SPO2=", {"SPO2": None}),
        ("SPO2=127%", {"SPO2": None}),  # outside what it can be
        ("TMP=999", {"TEMP": None}),
        ("HR=0", {"HR": 0.0}),
    ],
)
def test_what_is_no_value(text, expected):
    signals = feed(SPOT, line(text))
    assert values(signals) == expected
    bad = [s for s in signals if isinstance(s, NumericReading) and s.value is None]
    assert all(s.quality == Quality.INVALID for s in bad)


@pytest.mark.parametrize(
    "text",
    [
        "HR=7:",
        "HR=",
        "SPO2=98",
        "BPM=73",
        "HR=72,HR=73",
        "HR",
        "HR=72,,",
        "HR=7\x012",
        "T=2026-01-02 10:61:30,HR=72",
        "NIX=1",
        "HR=--",
    ],
)
def test_one_malformed_value_discards_the_record(text):
    decoder = SPOT.driver().capture_decoder()
    good = text == "HR="  # empty is no value, and no damage
    assert bool(decoder.feed(line(text))) == good
    assert decoder.counters.frames_bad == (not good)


def test_cuff_readings_by_their_own_time():
    texts = [CUFF.format(122, "OK", minute) for minute in (5, 5, 10, 10)]
    assert results(feed(SPOT, *map(line, texts))) == [122.0, 122.0]
    (first, *_) = [s for s in feed(SPOT, line(texts[0])) if isinstance(s, NibpResult)]
    assert first == NibpResult(122.0, 78.0, 92.0, device_time_s=1767348300.0)


@pytest.mark.parametrize(
    ("status", "failure"),
    [("LOOSE", NibpFailure.CUFF_LOOSE), ("MOVE", NibpFailure.MOTION), ("FAIL", NibpFailure.ERROR)],
)
def test_cuff_failures_by_name(status, failure):
    good, failed = CUFF.format(122, "OK", 5), CUFF.format("---", status, 10)
    assert results(feed(SPOT, line(good), line(failed), line(failed))) == [122.0, failure]


def test_a_cuff_status_nobody_described_is_shown():
    signals = feed(SPOT, line(CUFF.format(122, "HUH", 5)))
    assert results(signals) == []
    assert statuses(signals) == [("UNKNOWN_RECORD", True, "cuff reading with an unknown status or time")]


def test_alarm_identity_and_unknown_fields():
    signals = feed(SPOT, line("HR=72,ALM=02,ID=v3,SN=1,FOO=5"), line("HR=72,ALM=00,FOO=6"))
    assert statuses(signals) == [
        ("MONITOR_ALARM", True, "02"),
        ("UNKNOWN_RECORD", True, "field FOO"),
        ("MONITOR_ALARM", False, ""),
    ]
    assert DeviceIdentity("Acme", "Spot 200 v3") in signals
    assert DeviceIdentity("Chairside", "CHAIRSIDE-SIM", simulator=True) in feed(
        SPOT, line("HR=72,ID=CHAIRSIDE-SIM")
    )


def test_a_checksum_makes_a_jump_certain_and_its_lack_does_not():
    assert [values(feed(SPOT, line("HR=72"), line("HR=150")))] == [{"HR": 150.0}]
    decoder = FIELDS.driver().capture_decoder()
    heard = [
        values(decoder.feed(b"10:15:%02d %d 72 40\r" % (n, spo2))) for n, spo2 in enumerate((98, 70, 71))
    ]
    assert [reading.get("SPO2") for reading in heard] == [98.0, None, 71.0]


@pytest.mark.parametrize(
    "text", [b"10:15:00 98 72\r", b"10:15:00 98 72 40 1\r", b"10:15 98 72 40\r", b"10:15:00 98 7x 40\r"]
)
def test_separated_fields_must_all_be_there(text):
    assert feed(FIELDS, text) == []
    assert values(feed(FIELDS, b"10:15:00  98 --- 40\r")) == {"SPO2": 98.0, "PR": None, "PA": 40.0}


def test_a_published_hl7_message(shared_data):
    """hl7v2/mindray_vs900_demo.hl7: SpO2, PR, PI and NBP 166/122/100 in demonstration mode (data/README.md)."""
    body = (shared_data / "hl7v2" / "mindray_vs900_demo.hl7").read_bytes()
    signals = feed(PCD, b"\x0b" + body + b"\x1c\r")
    assert values(signals) == {"SPO2": 100.0, "PR": 80.0, "PI": 12.0}
    assert {s.quality for s in signals if isinstance(s, NumericReading)} == {Quality.DEMO}
    (result,) = [s for s in signals if isinstance(s, NibpResult)]
    assert (result.systolic_mmhg, result.diastolic_mmhg, result.mean_mmhg) == (166.0, 100.0, 122.0)
    assert result.device_time_s == 1581511808.0  # 2020-02-12 12:50:08


@pytest.mark.parametrize("device", [SPOT, FIELDS, PCD])
def test_random_bytes_do_no_harm(device):
    decoder = device.driver().capture_decoder()
    rng = np.random.default_rng(9)
    for _ in range(30):
        decoder.feed(rng.bytes(10_000))
    counters = decoder.counters
    assert counters.bytes_in == 300_000
    assert decoder.buffered <= 20 * MAX_BUFFERED
