"""A cable pulled at the chair: one technical alarm in words, and the lost rate (clinical.md §5.8.6, §6.6, §16.5)."""

from devices.signals import NibpFailure
from tests.monitor_app.services.bedside.bench import Bench, failed
from tests.monitor_app.services.bedside.bench_visit import INFUSING, chair


def texts(bench: Bench) -> dict[str, str]:
    return {c.rule.id: c.text for c in bench.bedside.alarms.conditions if c.shown}


def test_a_pulled_cable_is_told_once() -> None:
    bench, _ = chair(*INFUSING)
    bench.silence()
    bench.run(12)
    bench.say(failed(NibpFailure.NO_ANSWER))
    bench.run(1)
    assert [c.suppressed_by for c in bench.bedside.alarms.conditions if c.rule.id == "TE-07-L"] == ["TE-09-M"]
    bench.run(27)
    assert texts(bench) == {
        "TE-09-M": "No data from Bench monitor for 40 s",
        "AL-HR-09": "No heart rate · monitor silent: check its cable",
    }
    assert bench.announced("TE-06") == []
    bench.back()
    bench.run(3)
    assert "TE-06" not in texts(bench)


def test_two_monitors_of_one_name_are_told_apart_by_their_ports() -> None:
    bench, _ = chair(*INFUSING)
    bench.plug("bench@/dev/ttyUSB7")
    bench.run(2)
    bench.silence("bench@/dev/ttyUSB7")
    bench.run(4)
    assert texts(bench)["TE-09-L"] == "No data from Bench monitor ttyUSB7 for 4 s"
