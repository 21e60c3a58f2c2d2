"""Which monitors take part at the chair: no simulated one in a clinical session (clinical.md §6.6, TE-18)."""

from collections.abc import Callable

from devices.drivers.base import DriverInfo
from devices.errors import RefusedError
from devices.signals import Provenance
from monitor_app.core.journal import SystemEntry
from monitor_app.services.bedside.commissioning_desk import CommissioningDesk
from monitor_app.services.bedside.facts_builder import FactsBuilder
from monitor_app.services.bedside.journal_desk import JournalDesk
from monitor_app.services.bedside.links import Request
from monitor_app.services.bedside.parts import BedsideParts
from monitor_app.services.bedside.self_watch import SelfWatch
from monitor_app.services.session_clock import SessionClock


class Admission:
    """Takes monitors in and bars them. Bedside thread only. ``judge`` asks the alarm rules now."""

    def __init__(
        self,
        desks: FactsBuilder,
        journal: JournalDesk,
        *,
        parts: BedsideParts,
        clock: SessionClock,
        watch: SelfWatch,
        judge: Callable[[], object],
    ) -> None:
        self._desks = desks
        self._links = desks.links
        self._journal = journal
        self._simulated = parts.opened.simulated
        self._clock = clock
        self._watch = watch
        self._judge = judge
        self.commissioning = CommissioningDesk(
            parts.commissionings, desks.links, utc_offset_s=parts.utc_offset_s
        )

    def add(
        self, source: str, info: DriverInfo, description: str, provenance: Provenance, request: Request
    ) -> None:
        """A monitor takes part from now on.

        :raises RefusedError: a simulated source in a clinical session.
        """
        if provenance is Provenance.SIMULATED and not self._simulated:
            raise RefusedError(
                f"{source} is simulated or replayed and cannot be used in a clinical session; start a training one."
            )
        desks, t_ns = self._desks, self._clock.t_ns()
        self._links.add(source, info, description, provenance, request, t_ns)
        desks.vitals.add_source(source, info.numerics, t_ns, interval_s=info.numeric_interval_s)
        desks.waves.add_source(source, (w.name for w in info.waveforms))
        desks.cuff.add_source(source, info.nibp)
        self._journal.write(self._links.entry(source, self._clock.stamp()))
        self._note_commissioning(source)

    def _note_commissioning(self, source: str) -> None:
        self.commissioning.note(source, self._clock.stamp(), self._journal.write)

    def settle(self, source: str, provenance: Provenance) -> None:
        """Take what a port turned out to be when it was opened: a link's name says nothing about where it points."""
        if self._links.settle(source, provenance):
            self.known(source)

    def known(self, source: str) -> None:
        """A monitor's identity or provenance has become known: keep it, or bar the monitor."""
        if self._simulated or not self._links.simulated(source):
            self._journal.write(self._links.entry(source, self._clock.stamp()))
            self._watch.identity(source, self._links.replaced(source))
            self._note_commissioning(source)
        elif not self._links.barred(source):
            self._bar(source)

    def _bar(self, source: str) -> None:
        """Take nothing more from a monitor, and nothing that it has said for true."""
        desks = self._desks
        if source == desks.cuff.source:
            desks.cuff.cancel(self._clock.t_ns())
        self._links.bar(source)
        desks.vitals.link(source, up=False)
        desks.waves.source_lost(source)
        desks.system.simulated_in_clinical = True
        text = f"{source} is simulated or replayed: nothing is taken from it in a clinical session"
        self._journal.write(SystemEntry(self._clock.stamp(), "SIMULATED_SOURCE", text, {"source": source}))
        self._judge()
