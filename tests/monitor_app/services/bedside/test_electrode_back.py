"""An electrode put on again: the silence while it was off is nobody's standstill."""

from devices.signals import DeviceStatus
from monitor_app.core.journal import AlarmEntry
from monitor_app.core.phase import Phase
from tests.monitor_app.services.bedside.bench import Bench, S
from tests.monitor_app.services.bedside.wave_patient import WavePatient

TO_INFUSION = (Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF)
OF_SILENCE = {"AL-HR-01", "TE-21"}


def bench_in_infusion() -> tuple[Bench, WavePatient]:
    bench = Bench()
    bench.bedside.begin()
    monitor = bench.plug()
    monitor.numbers |= {"HR": None}
    bench.enter(*TO_INFUSION)
    patient = WavePatient(bench, pulse=75.0)
    patient.run(15)
    return bench, patient


def announced(bench: Bench) -> list[tuple[float, str]]:
    entries = [e for e in bench.of(AlarmEntry) if e.rule in OF_SILENCE and e.to_state == "ACTIVE"]
    return [(e.stamp.t_ns / S, e.rule) for e in entries]


def test_beats_that_come_back_with_the_electrode_alarm_nobody() -> None:
    bench, patient = bench_in_infusion()
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=True, detail="LA"))
    patient.stopped = frozenset({"ECG_II"})
    patient.run(30)
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=False))
    patient.stopped = frozenset()
    patient.run(20)
    assert announced(bench) == []


def test_a_heart_that_does_not_come_back_is_told_from_then_on() -> None:
    bench, patient = bench_in_infusion()
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=True, detail="LA"))
    patient.stopped = frozenset({"ECG_II"})
    patient.run(30)
    bench.say(DeviceStatus("ECG_LEAD_OFF", active=False))
    back_s = bench.bedside.clock.t_ns() / S
    patient.stopped = frozenset({"ECG_II", "PLETH"})
    patient.run(12)
    told = announced(bench)
    assert [rule for _, rule in told][-1] == "AL-HR-01"
    assert all(3.0 <= t_s - back_s <= 10.5 for t_s, _ in told), told
