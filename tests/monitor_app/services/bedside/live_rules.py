"""How the alarm rules about patient, sensors and cuff are brought about at a real bedside: by what monitors and people do.

Each course takes a new bench and returns it once the rules it is named for have been announced. Nothing here makes facts.
"""

from collections.abc import Callable

from devices.signals import (
    DeviceStatus,
    NibpFailure,
    NibpResult,
)
from monitor_app.core.journal import (
    Scalar,
)
from monitor_app.core.phase import Phase
from tests.monitor_app.services.bedside.bench import (
    INFO,
    NURSE,
    Bench,
    failed,
    info,
    reading,
)
from tests.monitor_app.services.bedside.bench_visit import (
    INFUSING,
    PLACING,
    care,
    chair,
    frozen,
)
from tests.monitor_app.services.bedside.wave_patient import WavePatient

Course = Callable[[], Bench]
COURSES: dict[str, Course] = {}
"""By the rules a course brings about, separated by blanks."""


def course(rules: str) -> Callable[[Course], Course]:
    def keep(made: Course) -> Course:
        COURSES[rules] = made
        return made

    return keep


def numbers(seconds: float, phases: tuple[Phase, ...] = INFUSING, **wrong: float | None) -> Course:
    """A monitor that says these numbers for so long."""

    def made() -> Bench:
        bench, monitor = chair(*phases)
        monitor.numbers |= wrong
        bench.run(seconds)
        return bench

    return made


def cuff(result: NibpResult, base: tuple[float, float] | None = None) -> Course:
    """A monitor that measures this pressure, in a patient with this baseline."""

    def made() -> Bench:
        bench, _ = chair(*INFUSING)
        if base is not None:
            frozen(bench, *base)
        bench.say(result)
        return bench

    return made


def status(code: str, seconds: float, phases: tuple[Phase, ...] = INFUSING, detail: str = "") -> Course:
    """A monitor that says this of a sensor for so long."""

    def made() -> Bench:
        bench, _ = chair(*phases)
        bench.say(DeviceStatus(code, active=True, detail=detail))
        bench.run(seconds)
        return bench

    return made


def checked(kind: str, text: str = "", **fields: Scalar) -> Course:
    """A nurse who records this."""

    def made() -> Bench:
        bench, _ = chair(*INFUSING)
        care(bench, kind, text, **fields)
        return bench

    return made


COURSES |= {
    "AL-HR-02": numbers(6, HR=145, PR=145),
    "AL-HR-03 AL-HR-04": numbers(62, HR=125, PR=125),
    "AL-HR-06": numbers(4, HR=45, PR=45),
    "AL-HR-07": numbers(4, HR=35, PR=35),
    "AL-HR-09": numbers(15, HR=None, PR=None),
    "AL-BP-01": cuff(reading(185, 95)),
    "AL-BP-02": cuff(reading(165, 90)),
    "AL-BP-03": cuff(reading(158, 99, 125)),
    "AL-BP-04": cuff(reading(135, 80), (110, 70)),
    "AL-BP-05": cuff(reading(141, 80), (100, 70)),
    "AL-BP-08": cuff(reading(88, 55)),
    "AL-BP-09": cuff(reading(78, 45)),
    "AL-BP-10": cuff(reading(97, 62), (140, 80)),
    "AL-SP-01": numbers(11, SPO2=84),
    "AL-SP-02": numbers(16, SPO2=88),
    "AL-SP-03": numbers(31, SPO2=93),
    "AL-RR-01": numbers(21, RR=0),
    "AL-RR-02": numbers(16, RR=7),
    "AL-RR-03": numbers(31, RR=9),
    "AL-RR-04": numbers(31, RR=32),
    "AL-SD-01": checked("check", moaas=2),
    "AL-SD-02": checked("check", poss=3),
    "AL-SD-03-H": checked("check", rass=3),
    "AL-SD-03-M": checked("check", rass=2),
    "AL-SD-04": checked("adverse_event", term="Panic attack"),
    "AL-SD-05": checked("adverse_event", term="Suicidal ideation"),
    "TE-01-M": status("ECG_LEAD_OFF", 4, detail="LA"),
    "TE-01-L": status("ECG_LEAD_OFF", 4, PLACING),
    "TE-03-M": status("SPO2_NO_FINGER", 6),
    "TE-03-L": status("SPO2_PROBE_UNPLUGGED", 6, PLACING),
    "TE-04": status("SPO2_SEARCHING", 16),
    "TE-06": numbers(32, SPO2=None),
    "TE-11": numbers(16, HR=72, PR=100),
}


@course("AL-HR-01")
def asystole() -> Bench:
    bench, monitor = chair(*INFUSING)
    patient = WavePatient(bench)
    patient.run(15)
    monitor.numbers |= {"HR": None, "PR": None}
    patient.stopped = frozenset({"ECG_II"})
    patient.run(6)
    return bench


@course("TE-21")
def the_ecg_alone_is_flat() -> Bench:
    bench, _ = chair(*INFUSING)
    patient = WavePatient(bench, pulse=75.0)
    patient.run(15)
    patient.stopped = frozenset({"ECG_II"})
    patient.run(6)
    return bench


@course("TE-02-L TE-02-M")
def noise() -> Bench:
    bench, _ = chair(*INFUSING)
    patient = WavePatient(bench, noise=900.0)
    patient.run(75, step_s=1.0)
    return bench


@course("AL-HR-05")
def above_the_own_rate() -> Bench:
    bench, monitor = chair(*INFUSING)
    frozen(bench, 120, 80)
    monitor.numbers |= {"HR": 104, "PR": 104}
    bench.run(62)
    return bench


@course("AL-SP-04")
def low_on_oxygen() -> Bench:
    bench, monitor = chair(*INFUSING)
    care(bench, "oxygen", l_per_min=2.0, device="cannula")
    monitor.numbers["SPO2"] = 91
    bench.run(31)
    return bench


@course("AL-BP-06")
def ten_minutes_of_hypertension() -> Bench:
    bench, monitor = chair(*INFUSING)
    monitor.pressures = [reading(165, 90)] * 9
    bench.run(16 * 60, step_s=10)
    return bench


@course("AL-BP-07")
def rising() -> Bench:
    bench, _ = chair(*INFUSING)
    for systolic in (130, 140, 155):
        bench.say(reading(systolic, 80))
        bench.run(60, step_s=5)
    return bench


@course("AL-SD-06")
def vomiting() -> Bench:
    bench, _ = chair(*INFUSING)
    care(bench, "check", moaas=4)
    care(bench, "adverse_event", term="Vomiting")
    return bench


@course("TE-05")
def poor_perfusion() -> Bench:
    bench = Bench()
    bench.bedside.begin()
    monitor = bench.plug(info=info(numerics=(*INFO.numerics, "PI")))
    monitor.numbers["PI"] = 0.3
    bench.enter(*INFUSING)
    bench.run(32)
    return bench


@course("TE-07-L TE-07-M")
def cuff_fails_twice() -> Bench:
    bench, _ = chair(*INFUSING)
    bench.say(failed(NibpFailure.WEAK))
    bench.run(5)
    bench.say(failed(NibpFailure.MOTION))
    return bench


@course("TE-08-L TE-08-M")
def cuff_overdue() -> Bench:
    bench, monitor = chair(*INFUSING)
    monitor.pressures = [failed(NibpFailure.LEAK)] * 20
    bench.bedside.arm_cuff(5, NURSE)
    bench.run(605, step_s=5)
    return bench
