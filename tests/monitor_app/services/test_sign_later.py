"""A visit that ended without its signatures is opened once more to be signed (clinical.md §3.2 T14, §15.2)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic, time

import pytest

from monitor_app.cli.window_command import SIGN_WITHIN_S, _recent
from monitor_app.core.commands import Sign
from monitor_app.core.journal import DeviceEntry, JournalEntry, PhaseEntry, SessionOpened, SystemEntry
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.core.visit.facts import SELF_TEST_SIMULATED
from monitor_app.services.bedside.publication import BedsideState
from monitor_app.services.bedside.thread import Outlet
from monitor_app.services.display import DisplayModel
from monitor_app.services.live import LiveChair, LivePlan
from monitor_app.services.ports import RecordingSounder
from monitor_app.services.sim_chair import SimulatedChair, find_scenario, head_of
from monitor_app.services.view.builder import build_screen
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.store import Store, open_archive

NURSE = Actor("Nina Roe", "nurse")
S = 1_000_000_000
LENGTH_S = 5400.0
STEPS = (Phase.CHECKIN, Phase.BASE, Phase.READY, Phase.INF, Phase.REC, Phase.DCA, Phase.DONE)


def discharged(
    data: Path, session_id: str = "left", *, ago_s: float = 60.0, last: Phase = Phase.DONE
) -> None:
    """Write a visit that ended some time ago, in this phase."""
    zero_ms = round((time() - LENGTH_S - ago_s) * 1000)

    def at(t_s: float) -> Stamp:
        return Stamp(round(t_s * S), zero_ms + round(t_s * 1000))

    steps = (*STEPS[: STEPS.index(Phase.DONE)], last)
    before = (Phase.SCHED, *steps[:-1])
    opened = SessionOpened(at(0), session_id, "P-0137", "A. M.", True, "3", "test", "S02", 2)
    entries: list[JournalEntry] = [
        PhaseEntry(at(LENGTH_S * (n + 1) / len(steps)), before[n], step, NURSE)
        for n, step in enumerate(steps)
    ]
    with Store.open(data, StoreKind.TRAINING) as store:
        store.new_session(opened)
        core = store.recorder_core(session_id)
        core.write_many(entries)
        core.close()


def live_on(data: Path, **changes: object) -> LiveChair:
    scenario = find_scenario("S02")
    plan = LivePlan(
        data_dir=data,
        head=head_of(scenario, "new-session", 2),
        sounder=RecordingSounder(),
        self_test=SELF_TEST_SIMULATED,
        chair=SimulatedChair(scenario, seed=2),
        sign_if=lambda _record, _last: True,
    )
    return LiveChair(replace(plan, **changes))


def seen(model: DisplayModel, outlet: Outlet, what: Callable[[BedsideState], bool]) -> None:
    end = monotonic() + 10
    while True:
        for publication in outlet.drain():
            model.apply(publication)
        if model.state is not None and what(model.state):
            return
        assert monotonic() < end, "it did not happen"
        Event().wait(0.02)


def codes(data: Path, session_id: str = "left") -> list[str]:
    found = open_archive(data).record(session_id).entries
    return [e.code for e in found if isinstance(e, SystemEntry)]


def test_it_opens_to_be_signed_and_says_so(tmp_path: Path) -> None:
    discharged(tmp_path)
    live = live_on(tmp_path)
    model, outlet = DisplayModel(), live.outlet()
    try:
        live.start()
        seen(model, outlet, lambda state: bool(state.links))
        state = live.bedside.state()
        assert (state.opened.session_id, state.visit.phase) == ("left", Phase.DONE)
        assert "TE-20" not in {c.rule.id for c in state.conditions}  # nobody was monitored: no gap
        screen = build_screen(model, NURSE)
        assert screen is not None
        assert screen.phase_panel.sign_role == "nurse"
        assert any("not signed" in line.text for line in screen.feed)
        assert any("To sign it later, close the window" in words for words in screen.banners)
        live.post(Sign(NURSE))
        # This visit was never asked anything: the rules of the signature are in force and say what is missing.
        seen(model, outlet, lambda _state: any(line.refused for line in model.lines))
        assert model.lines[-1].text.startswith("Not done: ")
    finally:
        live.close()
    assert "REOPENED" in codes(tmp_path)
    assert "RESTARTED" not in codes(tmp_path)


def test_closed_again_unsigned_it_makes_room_for_the_next_patient(tmp_path: Path) -> None:
    discharged(tmp_path)
    live = live_on(tmp_path)
    live.start()
    live.close()
    assert codes(tmp_path)[-1] == "SIGN_LATER"
    again = live_on(tmp_path)
    try:
        assert again.resumed is None
        assert again.bedside.session_id == "new-session"
    finally:
        again.close()


@pytest.mark.parametrize("last", [Phase.SIGNED, Phase.CANCEL])
def test_what_needs_no_signature_is_not_opened(tmp_path: Path, last: Phase) -> None:
    discharged(tmp_path, last=last)
    live = live_on(tmp_path)
    try:
        assert live.resumed is None
    finally:
        live.close()


def test_only_where_it_is_wanted(tmp_path: Path) -> None:
    """A recording without a window never takes up a visit that has ended."""
    discharged(tmp_path)
    live = live_on(tmp_path, sign_if=LivePlan.__dataclass_fields__["sign_if"].default)
    try:
        assert live.resumed is None
    finally:
        live.close()


def test_a_patient_who_was_monitored_comes_first(tmp_path: Path) -> None:
    discharged(tmp_path, "cut", ago_s=3000, last=Phase.REC)
    discharged(tmp_path, "left", ago_s=60)
    live = live_on(tmp_path)
    try:
        assert live.resumed is not None
        assert live.resumed.record.opened.session_id == "cut"
    finally:
        live.close()


@pytest.mark.parametrize(
    ("ago_s", "wanted"), [(60, True), (SIGN_WITHIN_S - 60, True), (SIGN_WITHIN_S + 60, False)]
)
def test_the_window_wants_those_of_the_last_week_at_its_own_monitors(
    tmp_path: Path, ago_s: float, wanted: bool
) -> None:
    discharged(tmp_path, ago_s=ago_s)
    record = open_archive(tmp_path).record("left")
    last = max(e.stamp.utc_ms for e in record.entries)
    assert not any(isinstance(e, DeviceEntry) for e in record.entries)
    assert _recent(record, Stamp(0, last), (), SIGN_WITHIN_S) is wanted
