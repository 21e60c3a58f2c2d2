"""A whole simulated visit without a window: check-in to signed record, then the exports and a picture of each phase."""

import json
import math
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devices.clock import NS_PER_S
from devices.errors import KnownError
from devices.simulators.pump import PumpState
from devices.simulators.scenario import Scenario
from monitor_app.core.journal import AlarmEntry, Order
from monitor_app.core.phase import Phase
from monitor_app.exporters.bundle import write_export
from monitor_app.exporters.export import ExportOptions
from monitor_app.services.bedside.publication import Publication
from monitor_app.services.display import DisplayModel
from monitor_app.services.headless import HeadlessChair
from monitor_app.services.ports import PictureTaker
from monitor_app.services.sim_news import BAG_MG_PER_ML
from monitor_app.storage.store import open_archive
from monitor_app.training.nurse import Seen, VirtualNurse

NURSE_LOOKS_EVERY_S = 2
"""How often the virtual nurse looks at a monitored patient; before and after that every second."""
LONGEST_VISIT_S = 6 * 3600.0
MARKER = "demo.json"
"""The file by which a folder is known to hold an earlier demo, which a new one may replace."""
END_PHASES = frozenset({Phase.SIGNED, Phase.CANCEL})
PICTURE_AFTER_S = {
    Phase.CHECKIN: 1.0,
    Phase.BASE: 90.0,
    Phase.READY: 1.0,
    Phase.INF: 1300.0,
    Phase.PAUSE: 30.0,
    Phase.REC: 600.0,
    Phase.DCA: 1.0,
}
"""When in a phase its picture is taken: where there is something to see, and before the nurse goes on."""

Photograph = Callable[[DisplayModel], PictureTaker]


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """What to play."""

    scenario: str
    seed: int | None
    data_dir: Path
    out: Path
    raw: bool = False


def prepare_out(out: Path) -> None:
    """Make room in the output folder: an earlier demo is replaced, anything else is left alone.

    :raises KnownError: the folder holds something else.
    """
    if out.exists() and not out.is_dir():
        raise KnownError(f"{out} is a file; choose a folder for --out.")
    if out.is_dir() and any(out.iterdir()):
        if not (out / MARKER).is_file():
            raise KnownError(f"{out} holds other files; choose a new or empty folder for --out.")
        shutil.rmtree(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / MARKER).write_text("{}\n", encoding="utf-8")
    except OSError as error:
        raise KnownError(
            f"{out} cannot be written ({error.strerror}); choose another folder for --out."
        ) from error


class VisitStoppedError(KnownError):
    """Somebody wanted the visit to end before it was over; what was recorded until then is kept."""


class DemoVisit:
    """One headless visit. ``run`` plays it to the end.

    ``stopped`` is asked before every simulated second whether somebody wants it to end.
    """

    def __init__(
        self,
        order: DemoOrder,
        photograph: Photograph | None = None,
        *,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._order = order
        self._stopped = stopped
        self._began = time.perf_counter()
        self._chair = HeadlessChair(order.scenario, seed=order.seed, data_dir=order.data_dir, raw=order.raw)
        scenario = self._chair.chair.scenario
        self._nurse = VirtualNurse(order_of(scenario), told=dict(scenario.answers))  # type: ignore[arg-type]
        self._pictures = photograph(self._chair.display) if photograph else None
        self._pictured: set[Phase] = set()
        self._alarms: list[dict[str, object]] = []
        self._chair.listen(self._hear)

    def run(self, until_s: float = math.inf) -> dict[str, object]:
        """Play the visit, to its end or to ``until_s``, write everything, and return the summary of design.md §7.

        :raises KnownError: the visit did not come to its end.
        :raises VisitStoppedError: it was stopped; nothing is exported.
        """
        chair = self._chair
        try:
            self._play(until_s)
            simulated_s = chair.now_s
        finally:
            chair.close()
        self._export()
        wall_s = time.perf_counter() - self._began
        return {
            "session": chair.session_id,
            "scenario": chair.chair.scenario.id,
            "seed": chair.seed,
            "simulated_s": round(simulated_s, 1),
            "wall_s": round(wall_s, 3),
            "alarms": self._alarms,
        }

    def _play(self, until_s: float) -> None:
        chair = self._chair
        while chair.bedside.visit.phase not in END_PHASES and chair.now_s < until_s:
            if self._stopped():
                raise VisitStoppedError(
                    f"stopped {chair.now_s / 60:.0f} min into the visit; what was recorded until then is kept."
                )
            before = chair.bedside.visit.phase
            self._second()
            if chair.bedside.visit.phase is not before:
                self._picture(before, only_if_missing=True)
            self._picture_when_ripe()
            if chair.now_s > LONGEST_VISIT_S:
                raise KnownError(
                    f"the simulated visit stood still in {chair.bedside.visit.phase.title}: {self._standstill()}"
                )
        self._picture(chair.bedside.visit.phase, only_if_missing=True)

    def _second(self) -> None:
        """Let a second pass, after a look of the nurse where one is due."""
        chair = self._chair
        monitored = chair.bedside.visit.phase.monitoring
        if monitored and round(chair.now_s) % NURSE_LOOKS_EVERY_S:
            chair.second()
            return
        state = chair.state()
        pump = chair.chair.bedside.pump
        seen = Seen(
            t_ns=state.stamp.t_ns,
            visit=state.visit,
            facts=state.visit_facts,
            conditions=state.conditions,
            pump_ml=pump.delivered_mg / BAG_MG_PER_ML,
            pump_running=pump.state is PumpState.RUNNING,
            pump_done=pump.state is PumpState.FINISHED,
            heard=tuple(u.text for u in chair.chair.take_utterances()),
        )
        deeds = self._nurse.act(seen)
        for act in deeds.acts:
            chair.chair.bedside.post(act)
        for command in deeds.commands:
            chair.bedside.command(command)
        chair.second()

    def _hear(self, publication: Publication) -> None:
        if (
            isinstance(publication, AlarmEntry)
            and publication.to_state == "ACTIVE"
            and not publication.suppressed
        ):
            self._alarms.append(
                {
                    "rule": publication.rule,
                    "priority": publication.priority.value,
                    "t": round(publication.stamp.t_s, 3),
                    "phase": publication.phase.value,
                    "text": publication.text,
                }
            )

    def _picture_when_ripe(self) -> None:
        visit = self._chair.bedside.visit
        ripe_s = PICTURE_AFTER_S.get(visit.phase)
        since_s = self._chair.now_s - visit.phase_start_t_ns / NS_PER_S
        if ripe_s is not None and since_s >= ripe_s:
            self._picture(visit.phase, only_if_missing=True)

    def _picture(self, phase: Phase, *, only_if_missing: bool) -> None:
        if self._pictures is None or (only_if_missing and phase in self._pictured) or phase is Phase.SCHED:
            return
        self._pictured.add(phase)
        self._pictures.take(self._order.out / f"screen-{phase.value}.png")

    def _standstill(self) -> str:
        entries = self._chair.display.lines
        return entries[-1].text if entries else "nothing was asked"

    def _export(self) -> None:
        """Read the record back and write it in every format."""
        record = open_archive(self._order.data_dir).record(self._chair.session_id)
        for name in ("csv", "json"):
            write_export(name, record, self._order.out / name, ExportOptions(software=record.opened.software))
        summary = {"session": self._chair.session_id, "phases": [p.value for p in self._pictured]}
        (self._order.out / MARKER).write_text(json.dumps(summary) + "\n", encoding="utf-8")


def order_of(scenario: Scenario) -> Order:
    """The order a scenario's prescriber writes."""
    return Order(
        dose_mg_per_kg=scenario.order.mg_per_kg,
        weight_kg=scenario.patient.weight,
        concentration_mg_per_ml=BAG_MG_PER_ML,
        duration_min=scenario.order.min,
        ordered_by="Dr. Kim Lind",
    )
