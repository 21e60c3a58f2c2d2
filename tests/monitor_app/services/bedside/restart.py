"""A bedside that is cut off and taken up again by another program: only what was recorded comes along."""

from dataclasses import replace

from devices.clock import NS_PER_S, ManualClock
from monitor_app.core.journal import PhaseEntry, SessionOpened
from monitor_app.core.record import SessionRecord
from monitor_app.services.assembly import AlarmSetup, Surroundings, make_bedside
from monitor_app.services.bedside.bedside import Bedside
from monitor_app.services.bedside.resume import cut_off
from monitor_app.services.presets import PresetShelf
from tests.monitor_app.services.bedside.bench import Bench


def restarted(bench: Bench, *, gap_s: float = 20.0, shelf: PresetShelf | None = None) -> Bench:
    """Cut the bench off now and take its session up ``gap_s`` later; the new bench's entries go on from the old ones."""
    entries = tuple(e for e in bench.entries if not isinstance(e, SessionOpened))
    opened = next(e for e in bench.entries if isinstance(e, SessionOpened))
    phase = [e.to_phase for e in entries if isinstance(e, PhaseEntry)][-1]
    last = bench.bedside.clock.stamp()
    record = SessionRecord(opened, entries, (), phase, last.t_s, closed=False)
    bench.clock.sleep_until(bench.clock.monotonic_ns() + round(gap_s * NS_PER_S))

    def take_up(around: Surroundings, clock: ManualClock) -> Bedside:
        cut = cut_off(record, last, clock)
        around = around if shelf is None else replace(around, alarms=AlarmSetup(shelf))
        bedside = make_bedside(
            opened, around, first_entry=cut.last_entry_number, origin_t_ns=cut.origin_t_ns, utc_offset_s=0
        )
        bedside.begin(cut)
        return bedside

    again = Bench(clock=bench.clock, make=take_up)
    again.entries[:0] = [opened, *entries]
    return again
