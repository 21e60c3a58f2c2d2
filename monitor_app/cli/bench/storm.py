"""A storm of alarms on the whole program: three monitors on pseudo-terminals, window, sound and record (design.md §9).

The alarms are real ones: numbers that leave their limits on the wire and come back (``storm_pattern``). First with the
window open, then minimised, where the small strip on top is all that is seen of it.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from devices.clock import NS_PER_S
from devices.registry import DeviceAddress
from monitor_app.cli.bench.figure import Figure
from monitor_app.cli.bench.noise import Waits
from monitor_app.cli.bench.process import DRIVER, Process, end, python, wait_for_links
from monitor_app.cli.bench.rig import PaintWatch, Running, running, wait_for
from monitor_app.cli.bench.storm_account import Heard, Witnesses, due_alarms, fates, sent_at
from monitor_app.cli.bench.storm_figures import Frames, Part, away_figures, open_figures
from monitor_app.cli.bench.storm_pattern import limit_changes
from monitor_app.cli.bench.storm_watch import Journal, NotingSounder, Painting, Rows
from monitor_app.core.commands import Acknowledge
from monitor_app.core.journal import PhaseEntry
from monitor_app.core.phase import Phase
from monitor_app.core.priority import Priority
from monitor_app.core.stamp import Actor
from monitor_app.core.visit.facts import SELF_TEST_SIMULATED
from monitor_app.services.assembly import Head
from monitor_app.services.live import LivePlan
from monitor_app.storage.kind import StoreKind

DEVICES = 3
BENCH = Actor("bench", "nurse")
START_S, SETTLE_S = 20.0, 4.0
"""The window has just opened, three monitors have just been found; starting has a bound of its own."""
CHAIN = ("bedside", "MainThread", "recorder")
"""The threads an alarm passes on its way."""
LOOK_S = 0.05
ACKNOWLEDGE_NS = 1_500_000_000
"""How long the bench's nurse lets a HIGH alarm stand: it latches, and a storm of one latched alarm is none."""
TAIL_S = 1.5
"""What begins at the very end is not waited for."""


@dataclass(slots=True)
class _Watch:
    """Everybody who looks on."""

    rows: Rows
    bar: Painting = field(default_factory=Painting)
    floating: Painting = field(default_factory=Painting)
    frames_ns: list[int] = field(default_factory=list)
    journal: Journal = field(default_factory=Journal)
    waits: Waits = field(default_factory=Waits)
    acknowledged: int = 0

    def stop(self) -> None:
        """End the threads among them. Harmless twice."""
        self.waits.stop()
        self.rows.stop()


class Extent(Enum):
    """How long it storms: seconds with the window open, and minimised."""

    QUICK = (12.0, 13.0)
    USUAL = (24.0, 20.0)
    LONG = (120.0, 120.0)


def measure_storm(folder: Path, extent: Extent) -> list[Figure]:
    """Let it storm with the window open, then with the window away."""
    open_s, away_s = extent.value
    seen = storm(folder, open_s=open_s, away_s=away_s)
    return [*open_figures(seen[0], DEVICES), *away_figures(seen[1])]


def storm(folder: Path, *, open_s: float, away_s: float) -> tuple[Part, Part]:
    """Run it, and return what became of every alarm: with the window open, and minimised."""
    watch = _Watch(Rows(StoreKind.TRAINING.path(folder)))
    sounder = NotingSounder()
    try:
        with _monitors(folder) as (addresses, processes):
            with running(_plan(folder, addresses, sounder)) as run:
                _begin(run, watch, sounder)
                opened = _span(run, watch, open_s)
                run.screen.window.showMinimized()
                away = _span(run, watch, away_s)
                watch.stop()
            sent = [tuple(row) for row in json.loads(end(processes[0]))]
    finally:
        watch.stop()
        sounder.close()
    numbers = _heard(watch.journal, addresses[0].source, sent, run.live.bedside.clock.mono_ns)
    seen = Witnesses(
        watch.journal.alarms,
        sounder.bursts,
        mono_ns=run.live.bedside.clock.mono_ns,
        recorded_ns=lambda entry: watch.rows.seen_ns.get((entry.occurrence_id, entry.to_state)),
        drawn_ns=watch.bar.first,
        waited_ns=watch.waits.waited_ns,
    )
    behind = replace(seen, drawn_ns=watch.floating.first)
    return _part(opened, numbers, seen, watch), _part(away, numbers, behind, watch)


def _part(span: tuple[int, int], numbers: list[Heard], seen: Witnesses, watch: _Watch) -> Part:
    from_ns, until_ns = span
    frames = Frames.of(watch.frames_ns, span, watch.waits)
    slowed, share = watch.waits.slowed(*span), watch.waits.share(*span)
    found = fates(due_alarms(numbers, *span), seen)
    return Part((until_ns - from_ns) / NS_PER_S, found, frames, slowed, share)


@contextmanager
def _monitors(folder: Path) -> Iterator[tuple[tuple[DeviceAddress, ...], list[Process]]]:
    """Three emulated monitors whose patient storms, each a process."""
    links = [folder / f"monitor-{number}" for number in range(DEVICES)]
    processes = [
        python("monitor_app.cli.bench.storm_monitor", str(link), str(number + 1))
        for number, link in enumerate(links)
    ]
    try:
        wait_for_links(links)
        yield tuple(DeviceAddress(DRIVER, str(link)) for link in links), processes
    finally:
        for process in processes:
            end(process)


def _plan(folder: Path, addresses: tuple[DeviceAddress, ...], sounder: NotingSounder) -> LivePlan:
    return LivePlan(
        data_dir=folder,
        head=Head("bench-storm", "BENCH", simulated=True),
        sounder=sounder,
        self_test=SELF_TEST_SIMULATED,
        devices=addresses,
        resume=False,
    )


def _begin(run: Running, watch: _Watch, sounder: NotingSounder) -> None:
    """Put a patient into the infusion, whose rules are most, with the storm's delays; wait until it storms."""
    live = run.live
    live.on_record(watch.journal.take)
    watch.bar.watch(run.screen.window.alarm_bar)
    watch.floating.watch(run.screen.window.floating)
    PaintWatch(run.screen.chair.strips, watch.frames_ns.append)

    def infuse() -> None:
        live.bedside.start_recording(BENCH)
        stamp = live.bedside.clock.stamp()
        live.bedside.journal.write(PhaseEntry(stamp, Phase.BASE, Phase.INF, BENCH, "a storm for the bench"))

    wait_for(lambda: not sounder.trouble and bool(run.screen.chair.strips.drawn()), seconds=START_S)
    live.post(infuse)
    for change in limit_changes(BENCH):
        live.post(change)
    _pass(run, watch, SETTLE_S)
    if watch.journal.refused:
        raise RuntimeError(f"the storm was refused: {watch.journal.refused[0]}")
    watch.rows.start()
    watch.waits.start(*CHAIN)


def _span(run: Running, watch: _Watch, seconds: float) -> tuple[int, int]:
    """Let it storm; the instants between which alarms count."""
    _pass(run, watch, 1.0)
    begun_ns = time.monotonic_ns()
    _pass(run, watch, seconds)
    until_ns = time.monotonic_ns()
    _pass(run, watch, TAIL_S)
    return begun_ns, until_ns


def _pass(run: Running, watch: _Watch, seconds: float) -> None:
    """Let time pass; a nurse acknowledges HIGH alarms that have stood for a while."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        wait_for(lambda: False, seconds=min(LOOK_S, left))
        _acknowledge(run, watch)


def _acknowledge(run: Running, watch: _Watch) -> None:
    due = time.monotonic_ns() - ACKNOWLEDGE_NS
    for entry in watch.journal.alarms[watch.acknowledged :]:
        if run.live.bedside.clock.mono_ns(entry.stamp.t_ns) > due:
            return
        watch.acknowledged += 1
        if entry.to_state == "ACTIVE" and entry.priority is Priority.HIGH:
            run.live.post(Acknowledge(BENCH, entry.rule))


def _heard(
    journal: Journal, source: str, sent: list[tuple[int, str, float]], mono_ns: Callable[[int], int]
) -> list[Heard]:
    """The numbers of the monitor that speaks, each with when it was sent.

    One is stamped with its arrival at the link, or with the last judging of the rules where that came in between.
    """
    found = []
    for entry in journal.numbers:
        if entry.source == source and entry.value is not None:
            arrived_ns = mono_ns(entry.stamp.t_ns)
            wire_ns = sent_at(sent, entry.name, entry.value, arrived_ns)
            found.append(Heard(entry.name, entry.value, wire_ns or arrived_ns, arrived_ns))
    return found
