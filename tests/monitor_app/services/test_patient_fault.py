"""Fault words: which go to the wire, which to the bedside, and what is refused."""

import pytest

from devices.errors import ConfigError
from devices.signals import NibpFailure
from devices.simulators.acts import BreakCuff, LoosenCuff, Move, PlaceCuff, RemoveProbe, SetCable, SetLeadsOff
from devices.simulators.fault import FAULT_NAMES
from monitor_app.cli.parser import build_parser
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
    assert all(name in str(refused.value) for name in (*FAULT_NAMES, *PATIENT_FAULT_NAMES))


def test_help_names_every_fault(capsys):
    assert all(name in patient_fault_help() for name in PATIENT_FAULT_NAMES)
    with pytest.raises(SystemExit):
        build_parser().parse_args(["emulate", "--help"])
    shown = capsys.readouterr().out
    assert all(name in shown for name in (*FAULT_NAMES, *PATIENT_FAULT_NAMES))
