"""The intake: every signal from a link to the desk that understands it."""

from collections.abc import Callable
from typing import Any

from devices.signals import (
    Arrival,
    DeviceIdentity,
    DeviceStatus,
    LinkStatus,
    NibpProgress,
    NibpResult,
    NumericReading,
    RawBytes,
    WaveChunk,
)
from monitor_app.core.journal import NumericEntry, Scalar, SystemEntry
from monitor_app.core.raw import RawEntry
from monitor_app.services.bedside.alarms import AlarmDesk
from monitor_app.services.bedside.facts_builder import FactsBuilder
from monitor_app.services.bedside.journal_desk import JournalDesk
from monitor_app.services.bedside.sources import switch_entries
from monitor_app.services.session_clock import SessionClock


class Intake:
    """Bedside thread only. ``judge`` asks the alarm rules now; ``news`` says that they should be asked.

    ``source_known`` is called when a monitor's identity or provenance has changed. Events keep the order in which they
    were taken: several links stamp what they hear, and one may be taken a little after a later one of another. Beat marks, and signals unknown to this version, say nothing to the rules.
    """

    def __init__(
        self,
        desks: FactsBuilder,
        journal: JournalDesk,
        *,
        alarms: AlarmDesk,
        clock: SessionClock,
        judge: Callable[[], bool],
        source_known: Callable[[str], None],
    ) -> None:
        self._vitals, self._waves = desks.vitals, desks.waves
        self._cuff, self._links = desks.cuff, desks.links
        self._journal = journal
        self._alarms = alarms
        self._clock = clock
        self._judge = judge
        self._source_known = source_known
        self._latest_t_ns = 0
        self.news = True
        self._takers: dict[type, Callable[[Any, str, int], None]] = {
            WaveChunk: self._chunk,
            NumericReading: self._numeric,
            DeviceStatus: self._device_status,
            NibpProgress: self._progress,
            NibpResult: self._result,
            DeviceIdentity: self._identity,
            LinkStatus: self._link_status,
        }

    def arrive(self, arrival: Arrival) -> None:
        """Take one signal from a link."""
        t_ns = self._clock.t_ns(arrival.mono_ns)
        signal, source = arrival.signal, arrival.source
        if not isinstance(signal, LinkStatus):
            if self._links.barred(source):
                return
            if isinstance(signal, RawBytes):
                stamp = self._clock.stamp(t_ns)
                self._journal.write_stream(RawEntry(stamp, source, signal.data, signal.sent))
                return
            self._links.heard(source, signal, t_ns)
        take = self._takers.get(type(signal))
        if take is None:
            return
        if not isinstance(signal, WaveChunk):
            t_ns = self._latest_t_ns = max(t_ns, self._latest_t_ns)
        take(signal, source, t_ns)

    def settled(self, t_ns: int) -> None:
        """Note that the rules were asked at this session time: nothing taken from now on happened before it."""
        self._latest_t_ns = max(t_ns, self._latest_t_ns)

    def _chunk(self, chunk: WaveChunk, source: str, t_ns: int) -> None:
        if self._waves.chunk(source, chunk, t_ns):
            self.news = True

    def _numeric(self, reading: NumericReading, source: str, t_ns: int) -> None:
        self._vitals.numeric(source, reading, t_ns)
        stamp = self._clock.stamp(t_ns)
        self._journal.write_stream(
            NumericEntry(stamp, source, reading.name, reading.value, reading.unit, reading.quality)
        )
        self.news = True

    def _device_status(self, status: DeviceStatus, source: str, t_ns: int) -> None:
        self._vitals.status(source, status, t_ns)
        word = "began" if status.active else "ended"
        fields: dict[str, Scalar] = {
            "source": source,
            "code": status.code,
            "active": status.active,
            "detail": status.detail,
        }
        text = f"{status.code} {status.detail} {word}".replace("  ", " ")
        self._journal.write(SystemEntry(self._clock.stamp(t_ns), "DEVICE_STATUS", text, fields))
        self.news = True

    def _progress(self, progress: NibpProgress, source: str, t_ns: int) -> None:
        if source == self._cuff.source:
            self._cuff.progress(progress, source, self._clock.stamp(t_ns))
            self.news = True

    def _result(self, result: NibpResult, source: str, t_ns: int) -> None:
        if source != self._cuff.source and not self._take_over(result, source, t_ns):
            self._other_cuff(result, source, t_ns)
            return
        entry = self._cuff.result(result, source, self._clock.stamp(t_ns))
        self._judge()
        self._cuff.settle(entry, retake_wanted=entry.accepted and self._alarms.retake_wanted)

    def _take_over(self, result: NibpResult, source: str, t_ns: int) -> bool:
        """Whether this reading's cuff is in use from now on: the one in use is gone, and this one is on the patient."""
        if result.failure or result.questionable or self._links.alive(self._cuff.source, t_ns):
            return False
        switch = self._cuff.take_over(source)
        for entry in switch_entries([switch] if switch else [], self._clock.stamp(t_ns)):
            self._journal.write(entry)
        return switch is not None

    def _other_cuff(self, result: NibpResult, source: str, t_ns: int) -> None:
        """One patient is measured by one cuff: what another monitor's cuff says is noted and not used."""
        values = (result.systolic_mmhg, result.diastolic_mmhg)
        words = "/".join("?" if v is None else f"{v:.0f}" for v in values)
        words = result.failure.value if result.failure else f"{words} mmHg"
        text = f"cuff of {source}: {words}; not used, the cuff in use is that of {self._cuff.source or 'no monitor'}"
        self._journal.write(SystemEntry(self._clock.stamp(t_ns), "OTHER_CUFF", text, {"source": source}))

    def _identity(self, identity: DeviceIdentity, source: str, _t_ns: int) -> None:
        if self._links.identity(source, identity):
            self._source_known(source)

    def _link_status(self, status: LinkStatus, source: str, t_ns: int) -> None:
        entry = self._links.status(source, status, self._clock.stamp(t_ns))
        up = self._links.streaming(source)
        self._vitals.link(source, up=up)
        if not up:
            self._waves.source_lost(source)
        if entry is not None:
            self._journal.write(entry)
        self.news = True
