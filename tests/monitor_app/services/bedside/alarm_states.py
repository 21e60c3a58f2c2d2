"""Acts of people that change the state of the alarm system, and how it is told."""

from monitor_app.core.alarm_commands import TakeSensorsOff
from monitor_app.core.commands import RecordCare
from monitor_app.core.journal import SoundEntry
from monitor_app.core.phase import Phase
from tests.monitor_app.services.bedside.bench import NURSE, Bench, BenchMonitor

TO_RECOVERY = (Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF, Phase.REC)


def sensors_off(bench: Bench, *, who: str = "Sam", why: str = "toilet") -> tuple[str, ...]:
    bench.do(RecordCare("check", "", NURSE, {"moaas": 5}))
    return bench.do(TakeSensorsOff(NURSE, who, why))


def unplug_sensors(monitor: BenchMonitor) -> None:
    monitor.numbers |= {"HR": None, "PR": None, "SPO2": None}


def plug_sensors(monitor: BenchMonitor) -> None:
    monitor.numbers |= {"HR": 72.0, "PR": 72.0, "SPO2": 98.0}


def states(bench: Bench) -> list[tuple[str, str, str]]:
    return [(e.state, e.by.name, e.reason) for e in bench.of(SoundEntry)]


def lines(bench: Bench) -> dict[str, float | None]:
    return {line.state: line.left_s for line in bench.state.alarm_system.lines}
