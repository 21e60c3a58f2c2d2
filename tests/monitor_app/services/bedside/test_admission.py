"""Which monitors take part: a simulated one in no clinical session, whenever that is found out (clinical.md §6.6, TE-18)."""

import pytest

from devices.errors import RefusedError
from devices.signals import DeviceIdentity, Provenance
from monitor_app.core.journal import DeviceEntry, NumericEntry
from monitor_app.core.phase import Phase
from tests.monitor_app.services.bedside.bench import SOURCE, Bench, BenchMonitor
from tests.monitor_app.services.bedside.bench_visit import INFUSING


def test_a_simulated_monitor_is_refused_in_a_clinical_session() -> None:
    bench = Bench(simulated=False)
    bench.bedside.begin()
    with pytest.raises(RefusedError, match="start a training one"):
        bench.plug(provenance=Provenance.SIMULATED)


def test_a_port_that_turns_out_to_be_a_pseudo_terminal_is_barred() -> None:
    bench = Bench(simulated=False)
    bench.bedside.begin()
    monitor = bench.plug(provenance=Provenance.REAL)
    bench.enter(*INFUSING)
    bench.run(5)
    bench.bedside.settle_provenance(SOURCE, Provenance.SIMULATED)
    bench.bedside.advance()
    before = len(bench.of(NumericEntry))
    bench.run(5)
    assert len(bench.of(NumericEntry)) == before
    assert bench.state.facts.hr.value is None
    assert bench.announced("TE-18")
    assert bench.system("SIMULATED_SOURCE")
    assert all(e.provenance is not Provenance.SIMULATED for e in bench.of(DeviceEntry))
    assert monitor.asked[-1].value == "nibp_stop"
    asked = len(monitor.asked)
    bench.run(600)
    assert len(monitor.asked) == asked
    assert "not used" in bench.state.links[0].detail


def test_a_monitor_that_names_itself_a_simulator_is_barred_too() -> None:
    bench = Bench(simulated=False)
    bench.bedside.begin()
    bench.plug(provenance=Provenance.UNVERIFIED)
    bench.enter(Phase.CHECKIN, Phase.BASE)
    bench.say(DeviceIdentity(model="CHAIRSIDE-SIM", simulator=True))
    bench.run(2)
    assert bench.state.facts.hr.value is None
    assert bench.announced("TE-18")


def test_in_a_training_session_all_is_well(bench: Bench, monitor: BenchMonitor) -> None:
    bench.enter(Phase.CHECKIN, Phase.BASE)
    bench.bedside.settle_provenance(SOURCE, Provenance.SIMULATED)
    bench.run(3)
    assert bench.state.facts.hr.value == 72
    assert bench.announced("TE-18") == []


def test_what_is_found_out_about_a_monitor_is_recorded() -> None:
    bench = Bench(simulated=False)
    bench.bedside.begin()
    bench.plug(provenance=Provenance.UNVERIFIED)
    bench.enter(Phase.CHECKIN)
    bench.bedside.settle_provenance(SOURCE, Provenance.REAL)
    bench.say(DeviceIdentity("Berry", "PM6750", "123", "v1"))
    bench.say(DeviceIdentity("Berry", "PM6750", "123", "v1"))
    found = [(e.provenance, e.identity) for e in bench.of(DeviceEntry)]
    assert found == [
        (Provenance.UNVERIFIED, ""),
        (Provenance.REAL, ""),
        (Provenance.REAL, "Berry PM6750 123 v1"),
    ]
