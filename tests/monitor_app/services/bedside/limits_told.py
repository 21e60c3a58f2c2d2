"""A clinic's own limits, and which one a bench has in force."""

from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.services.assembly import AlarmSetup
from monitor_app.services.presets import PresetShelf
from tests.monitor_app.services.bedside.bench import Bench, plugged_in

INF, REC = AlarmProfile.INF, AlarmProfile.REC
TO_INFUSION = (Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF)
HR_HIGH = ("AL-HR-03", "limit_per_min")
CLINIC = """
[preset]
name = "Clinic"
layer = "clinic"
version = 3
locked = ["AL-BP-02.systolic_mmhg"]
[AL-HR-03]
limit_per_min = 118
[AL-HR-03.rec]
limit_per_min = 112
"""


def make_bench(shelf: PresetShelf | None = None) -> Bench:
    return plugged_in(AlarmSetup() if shelf is None else AlarmSetup(shelf))


def limit(bench: Bench, target: tuple[str, str] = HR_HIGH, profile: AlarmProfile = INF) -> float:
    found = bench.state.alarm_system.limits
    assert found is not None
    return found.get(*target, profile)
