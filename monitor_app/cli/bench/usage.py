"""What the program costs while it runs: processor and memory with its window open; and how fast it runs headless."""

import time
from pathlib import Path

from devices.clock import NS_PER_S
from devices.simulators.pump import PumpState
from monitor_app.cli.bench.figure import Figure
from monitor_app.cli.bench.process import emulators, end, observed, told
from monitor_app.core.phase import Phase
from monitor_app.services.demo import END_PHASES, order_of
from monitor_app.services.headless import STEP_NS, HeadlessChair
from monitor_app.services.sim_news import BAG_MG_PER_ML
from monitor_app.training.nurse import Seen, VirtualNurse

CPU_BOUND_PERCENT, RSS_BOUND_MB, HEADLESS_BOUND = 20.0, 250.0, 100.0
"""design.md §9: Whole program; Simulated visit, headless."""
DEVICES = 3


def measure_usage(folder: Path, *, quick: bool) -> list[Figure]:
    """The window on three emulated monitors, which run in processes of their own."""
    with emulators(folder, DEVICES) as devices:
        named = [word for device in devices for word in ("--device", device)]
        process, _ = observed(4.0 if quick else 12.0, *named, "--data-dir", str(folder / "usage"))
        try:
            told(process)
            cost = told(process)
        finally:
            end(process)
    note = f"{DEVICES} monitors on pseudo-terminals, window open, no display"
    return [
        Figure(
            "processor, whole program", 100 * cost["cpu_share"], "% of a core", CPU_BOUND_PERCENT, note=note
        ),
        Figure("memory, whole program", cost["rss_mb"], "MB", RSS_BOUND_MB),
    ]


def measure_headless(folder: Path, *, quick: bool) -> list[Figure]:
    """A simulated visit with its nurse, recorded, from check-in as far as the time goes."""
    seconds = 300 if quick else 1200
    chair = HeadlessChair("S02", seed=1, data_dir=folder)
    nurse = VirtualNurse(order_of(chair.chair.scenario), told=dict(chair.chair.scenario.answers))  # type: ignore[arg-type]
    begun_wall, begun_cpu = time.perf_counter(), time.process_time()
    try:
        while chair.now_s < seconds and chair.bedside.visit.phase not in END_PHASES:
            _second(chair, nurse)
        reached: Phase = chair.bedside.visit.phase
    finally:
        chair.close()
    wall_s, cpu_s = time.perf_counter() - begun_wall, time.process_time() - begun_cpu
    note = f"{chair.now_s:.0f} s of a visit, to {reached.title}; {wall_s:.1f} s, of them {cpu_s:.1f} s of processor"
    ratio = chair.now_s / wall_s
    return [
        Figure("simulated visit, headless", ratio, "× real time", HEADLESS_BOUND, at_least=True, note=note)
    ]


def _second(chair: HeadlessChair, nurse: VirtualNurse) -> None:
    """Let the nurse look and act, then let a second pass."""
    state, pump = chair.bedside.state(), chair.chair.bedside.pump
    deeds = nurse.act(
        Seen(
            t_ns=state.stamp.t_ns,
            visit=state.visit,
            facts=state.visit_facts,
            conditions=state.conditions,
            pump_ml=pump.delivered_mg / BAG_MG_PER_ML,
            pump_running=pump.state is PumpState.RUNNING,
            pump_done=pump.state is PumpState.FINISHED,
            heard=tuple(u.text for u in chair.chair.take_utterances()),
        )
    )
    for act in deeds.acts:
        chair.chair.bedside.post(act)
    for command in deeds.commands:
        chair.bedside.command(command)
    for _ in range(NS_PER_S // STEP_NS):
        chair.step()
