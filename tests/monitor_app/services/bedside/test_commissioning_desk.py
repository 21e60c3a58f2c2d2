"""A real monitor that is not commissioned is said on the screen and once in the record; a simulated one never."""

from dataclasses import replace
from datetime import date

from devices.clock import ManualClock
from devices.signals import DeviceIdentity, Provenance
from monitor_app.core.commissioning import Commissioning, ComparedValue, Standing
from monitor_app.core.journal import SystemEntry
from monitor_app.core.stamp import Stamp
from monitor_app.services.assembly import Head, Surroundings, make_bedside, opened_of
from monitor_app.services.bedside.bedside import Bedside
from monitor_app.services.bedside.commissioning_desk import CommissioningDesk, needed_values
from monitor_app.services.bedside.links import LinksDesk
from monitor_app.services.view.builder import build_screen
from monitor_app.services.view.unverified import unverified_words
from tests.monitor_app.services.bedside.bench import INFO, NURSE, Bench

A, B = "bench@/dev/ttyUSB0", "bench@/dev/ttyUSB1"
GOOD = Commissioning(
    driver_id="bench",
    model="Acme 9",
    values=tuple(ComparedValue(name, 80, 80, 1) for name in ("HR", "SPO2", "RR", "NIBP_SYS", "NIBP_DIA")),
    nibp_detected=True,
    alarm_rule="AL-HR-02",
    alarm_delay_s=5.0,
    simulator="Simulator 7",
    by_name="Kim Oto",
    by_role="biomedical engineer",
    examined_on=date(2026, 1, 5),
    valid_until=date(2026, 6, 30),
)


def at(day: date, hour: int = 12) -> Stamp:
    days = (day - date(1970, 1, 1)).days
    return Stamp(0, (days * 86_400 + hour * 3600) * 1000)


def desk(
    known, *sources: tuple[str, Provenance], utc_offset_s: int = 0
) -> tuple[CommissioningDesk, LinksDesk]:
    links = LinksDesk()
    for source, provenance in sources:
        links.add(source, INFO, source, provenance, lambda _: None, 0)
    return CommissioningDesk(known, links, utc_offset_s=utc_offset_s), links


IN_FORCE = at(date(2026, 3, 1))


def test_what_a_family_gives_is_what_must_be_compared() -> None:
    assert needed_values(INFO) == ("HR", "SPO2", "RR", "NIBP_SYS", "NIBP_DIA")
    assert needed_values(replace(INFO, numerics=("PR", "SPO2"))) == ("PR", "SPO2", "NIBP_SYS", "NIBP_DIA")


def test_only_real_monitors_are_looked_at() -> None:
    made, links = desk(
        (), (A, Provenance.REAL), (B, Provenance.SIMULATED), ("bench@tcp", Provenance.UNVERIFIED)
    )
    assert [item.source for item in made.lacking(IN_FORCE)] == [A, "bench@tcp"]
    links.bar(A)
    assert [item.source for item in made.lacking(IN_FORCE)] == ["bench@tcp"]
    assert desk(None, (A, Provenance.REAL))[0].lacking(IN_FORCE) == ()


def test_the_model_the_wire_tells_is_what_counts() -> None:
    made, links = desk((GOOD,), (A, Provenance.REAL))
    assert made.lacking(IN_FORCE) == ()  # nothing told yet: no false word
    links.identity(A, DeviceIdentity("ACME", "9", "SN 4", "1.2"))
    assert made.lacking(IN_FORCE) == ()
    links.identity(A, DeviceIdentity("ACME", "10", "SN 5", "1.2"))
    (lacking,) = made.lacking(IN_FORCE)
    assert lacking.standing is Standing.MISSING


def test_it_ends_with_its_last_day_on_the_clinics_clock() -> None:
    last, after = at(date(2026, 6, 30), 23), at(date(2026, 7, 1), 1)
    made, _ = desk((GOOD,), (A, Provenance.REAL))
    assert made.lacking(last) == ()
    (lacking,) = made.lacking(after)
    assert (lacking.standing, lacking.valid_until) == (Standing.EXPIRED, date(2026, 6, 30))
    west, _ = desk((GOOD,), (A, Provenance.REAL), utc_offset_s=-3 * 3600)
    assert west.lacking(after) == ()  # there it is still the last day


def test_the_record_is_told_once_for_each_model() -> None:
    made, links = desk((GOOD,), (A, Provenance.REAL))
    told: list[SystemEntry] = []
    for _ in range(3):
        made.note(A, IN_FORCE, told.append)
    assert told == []
    links.identity(A, DeviceIdentity("ACME", "10"))
    for _ in range(3):
        made.note(A, IN_FORCE, told.append)
    (entry,) = told
    assert (entry.code, entry.fields["source"], entry.fields["standing"]) == (
        "UNCOMMISSIONED",
        A,
        "not commissioned",
    )


def test_the_banner_says_what_is_the_matter() -> None:
    made, _ = desk((), (A, Provenance.REAL))
    (missing,) = made.lacking(IN_FORCE)
    text = unverified_words(missing)
    assert text == "Bench monitor: this monitor model is not commissioned: values are not verified."
    made, _ = desk((replace(GOOD, nibp_detected=False),), (A, Provenance.REAL))
    assert "did not pass" in unverified_words(made.lacking(IN_FORCE)[0])
    made, _ = desk((GOOD,), (A, Provenance.REAL))
    assert "ended on 2026-06-30" in unverified_words(made.lacking(at(date(2026, 8, 1)))[0])


def test_the_window_shows_it_for_a_real_monitor_only() -> None:
    def bedside(*, simulated: bool, known: tuple[Commissioning, ...] | None) -> Bench:
        def make(around: Surroundings, clock: ManualClock) -> Bedside:
            head = Head("s", "P-1", simulated)
            return make_bedside(opened_of(head, clock), replace(around, commissionings=known), utc_offset_s=0)

        made = Bench(simulated=simulated, make=make)
        made.bedside.begin()
        made.plug(A, provenance=Provenance.SIMULATED if simulated else Provenance.REAL)
        made.run(2)
        return made

    def banners(made: Bench) -> str:
        screen = build_screen(made.display, NURSE)
        assert screen is not None
        return " | ".join(screen.banners)

    real = bedside(simulated=False, known=())
    assert "values are not verified" in banners(real)
    shown = [p for p in real.published if isinstance(p, SystemEntry) and p.code == "UNCOMMISSIONED"]
    assert len(shown) == 1
    assert "not verified" not in banners(
        bedside(simulated=False, known=(GOOD,))
    )  # the bench's day is 2026-01-05
    assert "not verified" not in banners(bedside(simulated=True, known=()))
    assert "not verified" not in banners(bedside(simulated=False, known=None))
