"""A chair that was cut off in the infusion opens again in it (clinical.md §3.2, V23; design.md §9)."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic, time

import numpy as np
import pytest

from devices.errors import DatabaseLockedError
from devices.signals import WaveScale
from monitor_app.core.journal import (
    Baseline,
    BaselineEntry,
    CareEntry,
    GapEntry,
    InfusionEntry,
    JournalEntry,
    NibpEntry,
    NumericEntry,
    Order,
    OrderEntry,
    PhaseEntry,
    SessionOpened,
    SystemEntry,
    WaveBlock,
)
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.core.visit.facts import SELF_TEST_SIMULATED
from monitor_app.core.visit.infusion import infusion_of
from monitor_app.core.visit.limbs import Limbs
from monitor_app.services.display import DisplayModel
from monitor_app.services.live import LiveChair, LivePlan
from monitor_app.services.ports import RecordingSounder
from monitor_app.services.sim_chair import SimulatedChair, find_scenario, head_of
from monitor_app.services.view.builder import build_screen
from monitor_app.storage.kind import StoreKind
from monitor_app.storage.store import Store, open_archive
from monitor_app.storage.verify import verify

NURSE = Actor("Nina Roe", "nurse")
DOCTOR = Actor("Dr. Kim Lind", "prescriber")
S = 1_000_000_000
GAP_S, INF_S, LAST_S = 20.0, 400.0, 980.0
STEPS = ((1, Phase.CHECKIN), (60, Phase.BASE), (390, Phase.READY), (INF_S, Phase.INF))
ORDER = Order(0.5, 80.0, 1.0, 40.0, "Dr. Kim Lind")  # 40 mg in 40 min: 1 mg a minute
SOURCE = "berry@sim-S02"


def cut_off_session(data: Path, *, numerics_s: int = 0) -> None:
    """Write what a program left that was killed 20 s ago, 9 min 40 s into the infusion."""
    zero_ms = round((time() - LAST_S - GAP_S) * 1000)

    def at(t_s: float) -> Stamp:
        return Stamp(round(t_s * S), zero_ms + round(t_s * 1000))

    opened = SessionOpened(at(0), "cut", "P-0137", "A. M.", True, "3", "test", "S02", 2, {"weight_kg": 80.0})
    phases = [Phase.SCHED, *(phase for _, phase in STEPS)]
    entries: list[JournalEntry] = [
        PhaseEntry(at(t_s), before, phase, NURSE) for (t_s, phase), before in zip(STEPS, phases, strict=False)
    ]
    entries += [
        BaselineEntry(at(389), Baseline(124, 78, 72, 98, 14, 93), ("000001",), NURSE),
        OrderEntry(at(391), ORDER, DOCTOR),
        InfusionEntry(at(INF_S), "000002", "started", 60.0, NURSE),
        SystemEntry(at(401), "NIBP_PLAN", "cuff every 5 min", {"armed": True, "interval_min": 5.0, "by": ""}),
        CareEntry(at(402), "000003", "limbs", "", NURSE, {"cuff": "right arm", "probe": "left hand"}),
        NibpEntry(
            at(900), "000031", SOURCE, "auto", None, 131, 82, 98, mean_calculated=False, pulse_per_min=None
        ),
        CareEntry(at(LAST_S), "000032", "note", "calm", NURSE),
    ]
    entries += [
        NumericEntry(at(60 + second / 8), SOURCE, name, 70.0 + second % 9, "/min")
        for second in range(numerics_s)
        for name in ("HR", "PR", "SPO2", "RR")
    ]
    block = WaveBlock(
        at(LAST_S - 2),
        SOURCE,
        "ECG_II",
        250.0,
        200_000,
        np.zeros(500, np.int32),
        WaveScale("1", None, 128, 0, 250),
    )
    with Store.open(data, StoreKind.TRAINING) as store:
        store.new_session(opened)
        core = store.recorder_core("cut")
        core.write_many([*sorted(entries, key=lambda e: e.stamp.t_ns), block])
        core.close()


def until(what: Callable[[], bool], timeout_s: float = 10.0) -> None:
    import threading

    end = monotonic() + timeout_s
    while not what():
        assert monotonic() < end, "it did not happen"
        threading.Event().wait(0.02)


def plan_for(data: Path) -> LivePlan:
    scenario = find_scenario("S02")
    return LivePlan(
        data_dir=data,
        head=head_of(scenario, "new-session", 2),
        sounder=RecordingSounder(),
        self_test=SELF_TEST_SIMULATED,
        chair=SimulatedChair(scenario, seed=2),
    )


def test_v23_the_same_state_the_same_limits_the_gap_told(tmp_path: Path) -> None:
    cut_off_session(tmp_path)
    live = LiveChair(plan_for(tmp_path))
    model, outlet = DisplayModel(), live.outlet()

    def seen() -> bool:
        for publication in outlet.drain():
            model.apply(publication)
        return model.state is not None and model.state.facts.hr.value is not None

    try:
        live.start()
        until(seen)
        state = live.bedside.state()
        assert state.opened.session_id == "cut"
        assert state.visit.phase is Phase.INF
        elapsed_s = state.stamp.t_s - INF_S
        assert elapsed_s == pytest.approx(LAST_S + GAP_S - INF_S, abs=10)
        given = infusion_of(state.visit).given_mg(state.stamp.t_ns)
        assert given == pytest.approx(elapsed_s / 60, abs=0.05)  # the pump was never said to have stopped
        assert "TE-20" in {c.rule.id for c in state.conditions}
        assert state.cuff.armed
        assert state.cuff.interval_s == 300
        assert state.cuff.limbs == Limbs("right arm", "left hand")
        assert not state.cuff.measuring
        assert state.facts.nibp.readings[-1].systolic_mmhg == 131
        assert state.facts.baseline is not None
        assert state.tile_limits["NIBP"]
        assert "AL-HR-09" not in {c.rule.id for c in state.conditions if c.shown}
        screen = build_screen(model, NURSE)
        assert screen is not None
        assert screen.header.dose_given == f"{given:.1f}"
        until(lambda: state.links[0].state is not None)
    finally:
        live.close()
    found = open_archive(tmp_path).record("cut")
    assert not found.closed
    (gap,) = [e for e in found.entries if isinstance(e, GapEntry) and e.channel == "*"]
    assert gap.duration_ns / S == pytest.approx(GAP_S, abs=8)
    ids = [getattr(e, "entry_id", "") or getattr(e, "nibp_id", "") for e in found.entries]
    named = [i for i in ids if i]
    assert len(named) == len(set(named))
    ecg = next(t for t in found.waves if t.name == "ECG_II" and t.source == SOURCE and t.sample_count > 0)
    assert ecg.sample_count >= 0
    assert verify(tmp_path) == []


def test_two_hours_of_numbers_open_within_three_seconds(tmp_path: Path) -> None:
    cut_off_session(tmp_path, numerics_s=7200)
    began = monotonic()
    live = LiveChair(plan_for(tmp_path))
    outlet = live.outlet()
    try:
        live.start()
        took_s = monotonic() - began
        published = outlet.drain()
    finally:
        live.close()
    assert took_s <= 3.0
    numbers = [p for p in published if isinstance(p, NumericEntry)]
    assert 100 < len(numbers) < 1000  # a trend, not the whole record
    model = DisplayModel()
    for publication in published:
        model.apply(publication)
    assert len(model.hr) > 100
    assert outlet.dropped == 0


def test_a_closed_or_finished_session_is_not_taken_up(tmp_path: Path) -> None:
    cut_off_session(tmp_path)
    with Store.open(tmp_path, StoreKind.TRAINING) as store:
        store.mark_closed("cut", Stamp(round(LAST_S * S), round(time() * 1000)))
    live = LiveChair(plan_for(tmp_path))
    try:
        assert live.resumed is None
        assert live.bedside.session_id == "new-session"
    finally:
        live.close()
    assert [s.id for s in open_archive(tmp_path).sessions()] == ["cut"]  # no patient came: nothing was kept


def test_a_second_program_on_the_same_records_is_told(tmp_path: Path) -> None:
    live = LiveChair(plan_for(tmp_path))
    try:
        with pytest.raises(DatabaseLockedError, match="another Chairside"):
            LiveChair(plan_for(tmp_path))
    finally:
        live.close()
