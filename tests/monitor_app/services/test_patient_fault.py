"""Fault words: which go to the wire, which to the bedside, and what is refused."""

import pytest

from devices.clock import NS_PER_S
from devices.errors import ConfigError
from devices.registry import make_driver
from devices.signals import NibpFailure, NibpResult, Signal
from devices.simulators.acts import BreakCuff, LoosenCuff, Move, PlaceCuff, RemoveProbe, SetCable, SetLeadsOff
from devices.simulators.fault import FAULT_NAMES
from devices.simulators.monitor_fault import MONITOR_FAULT_NAMES
from devices.transport.pipe import pipe
from monitor_app.cli.parser import build_parser
from monitor_app.services.emulate_run import Emulation, EmulationPlan
from monitor_app.services.patient_fault import PATIENT_FAULT_NAMES, parse_faults, patient_fault_help


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("lead-off@60", [(60, SetLeadsOff(("RA",)))]),
        ("lead-off:LA+LL@60-90", [(60, SetLeadsOff(("LA", "LL"))), (90, SetLeadsOff(()))]),
        ("no-finger@5.5", [(5.5, RemoveProbe())]),
        ("probe-unplugged@5", [(5, RemoveProbe(unplugged=True))]),
        ("motion@1-2", [(1, Move(1.0)), (2, Move(0.0))]),
        ("MOTION:0.3@1", [(1, Move(0.3))]),
        ("cuff-loose@1-2", [(1, LoosenCuff()), (2, PlaceCuff())]),
        ("cuff-leak@0", [(0, BreakCuff(NibpFailure.LEAK))]),
        ("cable-out@10-12", [(10, SetCable(out=True)), (12, SetCable(out=False))]),
    ],
)
def test_faults_at_the_patient_are_acts(text, acts):
    faults = parse_faults([text])
    assert [(timed.at_s, timed.act) for timed in faults.acts] == acts
    assert faults.wire == ()


def test_faults_of_the_wire_stay_there_and_both_mix():
    faults = parse_faults(["drop:0.5@10-20", "lead-off@3", "reset@30"])
    assert [fault.name for fault in faults.wire] == ["drop", "reset"]
    assert len(faults.acts) == 1


def test_faults_inside_the_monitor_are_kept_apart():
    faults = parse_faults(["clock:-60@5", "same-nibp@9", "silence@1"])
    assert [fault.name for fault in faults.monitor] == ["clock", "same-nibp"]
    assert [fault.name for fault in faults.wire] == ["silence"]


def test_a_fault_the_family_cannot_have_is_refused_in_one_sentence():
    _, end = pipe()
    with pytest.raises(
        ConfigError, match=r"^The emulated nonin cannot have the fault 'clock' \(it sends no clock\)"
    ):
        Emulation(EmulationPlan("nonin", faults=("clock@5",)), end)


@pytest.mark.parametrize("driver_id", ["datex-dri", "efficia-hl7"])
def test_the_same_reading_twice_through_the_whole_emulation(driver_id):
    host, end = pipe(capacity_bytes=10_000_000)
    host.open()
    plan = EmulationPlan(driver_id, seed=4, faults=("same-nibp@0", "reset:3@140"), nibp_auto_min=1)
    emulation, driver = Emulation(plan, end), make_driver(driver_id)
    emulation.emulator.step(0.1)
    host.write(driver.opened(0))
    heard: list[Signal] = []
    for k in range(2, 2600):
        if k == 1450:  # the monitor was switched off and on meanwhile
            host.write(driver.opened(145 * NS_PER_S))
        emulation.emulator.step(k / 10)
        heard += driver.feed(host.read(0), k * NS_PER_S // 10)
        host.write(driver.due(k * NS_PER_S // 10))
    results = [
        (s.systolic_mmhg, s.diastolic_mmhg) for s in heard if isinstance(s, NibpResult) and not s.failure
    ]
    assert len(results) >= 3
    assert len(set(results)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lead-off",
        "lead-off@",
        "lead-off@x",
        "lead-off:ZZ@1",
        "motion:2@1",
        "motion:much@1",
        "motion:0@1",
        "cuff-loose:3@1",
        "cable-out@9-8",
        "cable-out@-1",
        "drop",
        "drop:2@1",
        "nothing@1",
    ],
)
def test_nonsense_is_refused(text):
    with pytest.raises(ConfigError):
        parse_faults([text])


def test_an_unknown_name_is_answered_with_all():
    with pytest.raises(ConfigError) as refused:
        parse_faults(["gremlin@1"])
    assert all(
        name in str(refused.value) for name in (*FAULT_NAMES, *MONITOR_FAULT_NAMES, *PATIENT_FAULT_NAMES)
    )


def test_help_names_every_fault(capsys):
    assert all(name in patient_fault_help() for name in PATIENT_FAULT_NAMES)
    with pytest.raises(SystemExit):
        build_parser().parse_args(["emulate", "--help"])
    shown = capsys.readouterr().out
    assert all(name in shown for name in (*FAULT_NAMES, *MONITOR_FAULT_NAMES, *PATIENT_FAULT_NAMES))
