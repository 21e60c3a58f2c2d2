import re
from itertools import pairwise

import pytest

from devices.clock import NS_PER_S, SEEDED_START_UTC
from devices.drivers.base import NibpTiming
from devices.errors import ConfigError
from devices.protocols.base import CuffPanel
from devices.registry import BUILTIN_MONITORS, driver_info, make_driver, make_monitor
from devices.signals import NibpProgress, NibpResult, NumericReading, Signal, WaveChunk
from devices.simulators.fault import Fault
from devices.simulators.monitor_fault import (
    MONITOR_FAULT_NAMES,
    AilingMonitor,
    monitor_fault_help,
    parse_monitor_fault,
    require_supported,
)
from tests.devices.fake_patient import FakePatient

INF = float("inf")
START_S = SEEDED_START_UTC.timestamp()
CAN = {
    "clock": {"datex-dri", "masimo", "nellcor", "intellivue-mib", "efficia-hl7"},
    "count": {"datex-dri"},
    "early-nibp": {"datex-dri"},
    "same-nibp": {"berry", "suntech-nibp", "datex-dri", "intellivue-mib", "efficia-hl7"},
}
"""Which families have the thing that can go wrong."""


def heard_from(driver_id: str, *texts: str, seconds: int, since_s: float = 0.0) -> list[tuple[float, Signal]]:
    """What the driver says while an ailing monitor runs; a monitor with a panel measures every minute."""
    monitor = make_monitor(driver_id, FakePatient(), seed=3)
    ailing = AilingMonitor(monitor, monitor, [parse_monitor_fault(text) for text in texts], since_s=since_s)
    driver = make_driver(driver_id)
    ailing.receive(driver.opened(0))
    if isinstance(monitor, CuffPanel):
        monitor.set_nibp_auto(1)
    heard: list[tuple[float, Signal]] = []
    for k in range(1, seconds * 10 + 1):
        heard += [(k / 10, s) for s in driver.feed(ailing.advance(k / 10), k * NS_PER_S // 10)]
        ailing.receive(driver.due(k * NS_PER_S // 10))
    return heard


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("clock@60", Fault("clock", 60.0, INF, -3600.0)),
        ("clock:86400@60-90", Fault("clock", 60.0, 90.0, 86400.0)),
        (" Clock:-0.5@0 ", Fault("clock", 0.0, INF, -0.5)),
        ("count:0.5@1", Fault("count", 1.0, INF, 0.5)),
        ("early-nibp:0@5", Fault("early-nibp", 5.0, INF, 0.0)),
        ("same-nibp@5-9.5", Fault("same-nibp", 5.0, 9.5, 0.0)),
    ],
)
def test_how_a_fault_is_written(text, expected):
    assert parse_monitor_fault(text) == expected


@pytest.mark.parametrize(
    "text",
    ["clock", "clock@", "clock:x@1", "clock@5-5", "count:2@1", "count:-1@1", "early-nibp:60@1", "same-nibp:1@2", "drop@1"],
)  # fmt: skip
def test_a_fault_written_wrong_is_refused_in_one_sentence(text):
    with pytest.raises(ConfigError) as refused:
        parse_monitor_fault(text)
    assert re.fullmatch(r"[^\n]+\.", str(refused.value))


@pytest.mark.parametrize("driver_id", sorted(BUILTIN_MONITORS))
@pytest.mark.parametrize("name", MONITOR_FAULT_NAMES)
def test_a_family_that_cannot_have_a_fault_says_so(name, driver_id):
    monitor = make_monitor(driver_id, FakePatient(), seed=1)
    fault, nibp = parse_monitor_fault(f"{name}@1"), driver_info(driver_id).nibp
    if driver_id in CAN[name]:
        require_supported([fault], monitor, driver_id=driver_id, nibp=nibp)
        return
    with pytest.raises(
        ConfigError, match=rf"{driver_id} cannot have the fault '{name}' \(.+\): leave it out\."
    ):
        require_supported([fault], monitor, driver_id=driver_id, nibp=nibp)


def test_help_names_every_fault():
    assert all(name in monitor_fault_help() for name in MONITOR_FAULT_NAMES)


@pytest.mark.parametrize("driver_id", sorted(CAN["clock"] - {"intellivue-mib"}))
def test_the_clock_jumps_and_comes_back(driver_id):
    stamps = [
        (at_s, s.device_time_s - START_S - at_s)
        for at_s, s in heard_from(driver_id, "clock:-3600@20-40", seconds=60)
        if isinstance(s, NumericReading) and s.device_time_s is not None
    ]
    assert stamps
    late_s = 5.5 if driver_id in ("datex-dri", "efficia-hl7") else 2.5
    for at_s, error_s in stamps:
        if 20 + late_s < at_s < 40:
            assert -3600 - late_s <= error_s <= -3600 + 1
        elif at_s < 20 or at_s > 40 + late_s:
            assert -late_s <= error_s <= 1


def test_on_an_intellivue_the_jump_shows_in_the_time_of_a_cuff_reading():
    """Its polls carry a time since power-on; only what was measured at a moment carries the date (protocols.md §3.4)."""
    plain, jumped = (
        [
            s.device_time_s
            for _, s in heard_from("intellivue-mib", *faults, seconds=60)
            if isinstance(s, NibpResult)
        ]
        for faults in ((), ("clock:-3600@10-50",))
    )
    assert plain[0] is not None
    assert jumped[0] == pytest.approx(plain[0] - 3600, abs=1.0)


def test_a_clock_behind_a_battery_goes_on_while_it_was_off():
    heard = heard_from("masimo", seconds=5, since_s=1000.0)
    stamps = [s.device_time_s for _, s in heard if isinstance(s, NumericReading) and s.name == "SPO2"]
    assert stamps[0] is not None
    assert 1000.0 <= stamps[0] - START_S <= 1002.0


def test_counts_wobble_and_no_sample_is_lost():
    chunks = [s for _, s in heard_from("datex-dri", "count:0.5@0", seconds=60) if isinstance(s, WaveChunk)]
    ecg = [c for c in chunks if c.name == "ECG_II"]
    sizes = {len(c.samples) for c in ecg}
    usual = max(sizes, key=[len(c.samples) for c in ecg].count)
    assert {usual - 1, usual + 1} <= sizes
    assert all(a.first_sample + len(a.samples) == b.first_sample for a, b in pairwise(ecg))
    assert sum(len(c.samples) for c in ecg) >= 59 * 300


@pytest.mark.parametrize("lead_s", [0, 10])
def test_values_that_stand_there_early_or_in_the_last_moment_are_one_result(lead_s):
    heard = heard_from("datex-dri", f"early-nibp:{lead_s}@0", seconds=170)
    results = [s for _, s in heard if isinstance(s, NibpResult)]
    assert [(r.systolic_mmhg, r.diastolic_mmhg) for r in results] == [(122.0, 78.0)] * 3
    assert sum(isinstance(s, NibpProgress) and s.phase.value == "measuring" for _, s in heard) == 3


def test_it_is_a_fault_of_cuffs():
    assert {d for d in BUILTIN_MONITORS if driver_info(d).nibp is not NibpTiming.NONE} == CAN["same-nibp"]
