"""A visit written entry by entry."""

from monitor_app.core.journal import (
    Baseline,
    BaselineEntry,
    CareEntry,
    InfusionEntry,
    JournalEntry,
    NibpEntry,
    Order,
    OrderEntry,
    PhaseEntry,
    SessionOpened,
    VoidEntry,
)
from monitor_app.core.phase import Phase
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.core.visit.state import Visit, fold

S = 1_000_000_000
MIN = 60 * S
NURSE = Actor("Nina", "nurse")
DAY_MS = 1_767_600_000_000  # 2026-01-05


class Made:
    """Collects entries; times in minutes."""

    def __init__(self, **patient: object) -> None:
        opened = SessionOpened(Stamp(0, DAY_MS), "s", "p", "", True, "1", "x", patient=patient)
        self.entries: list[JournalEntry] = [opened]
        self._phase = Phase.SCHED

    def _at(self, t_min: float) -> Stamp:
        return Stamp(round(t_min * MIN), 0)

    def phase(self, t_min: float, to: Phase) -> "Made":
        self.entries.append(PhaseEntry(self._at(t_min), self._phase, to, NURSE))
        self._phase = to
        return self

    def care(self, t_min: float, kind: str, **fields: object) -> "Made":
        entry = CareEntry(self._at(t_min), f"e{len(self.entries)}", kind, "", NURSE, fields)
        self.entries.append(entry)
        return self

    def void_last(self, t_min: float) -> "Made":
        self.entries.append(VoidEntry(self._at(t_min), self.entries[-1].entry_id, NURSE, "slip"))
        return self

    def order(self) -> "Made":
        """35 mg in 35 mL over 40 min."""
        order = Order(dose_mg_per_kg=0.5, weight_kg=70, concentration_mg_per_ml=1, duration_min=40)
        self.entries.append(OrderEntry(self._at(0), order, NURSE))
        return self

    def pump(self, t_min: float, action: str, **more: object) -> "Made":
        known = {"rate_ml_per_h": 52.5 if action == "started" else None, "by": NURSE, **more}
        self.entries.append(InfusionEntry(self._at(t_min), f"e{len(self.entries)}", action, **known))
        return self

    def baseline(self, baseline: Baseline) -> "Made":
        self.entries.append(BaselineEntry(self._at(0), baseline, (), NURSE))
        return self

    def cuff(self, t_min: float, systolic: float, diastolic: float) -> "Made":
        entry = NibpEntry(
            self._at(t_min),
            "n",
            "a@b",
            "auto",
            None,
            systolic,
            diastolic,
            90,
            mean_calculated=False,
            pulse_per_min=70,
        )
        self.entries.append(entry)
        return self

    @property
    def visit(self) -> Visit:
        return fold(self.entries)
