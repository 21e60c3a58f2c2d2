"""What the program knows about itself: storage, sound, clock, load, restart. Each change is an entry of the record."""

from dataclasses import dataclass

from devices.clock import NS_PER_S
from monitor_app.core.alarm.facts import SystemFacts
from monitor_app.core.journal import SystemEntry
from monitor_app.core.stamp import Stamp

OVERLOAD_TOLD_EVERY_NS = 10 * NS_PER_S
OVERLOAD_SHOWN_NS = 60 * NS_PER_S
"""How long the screen says that signals were lost, after the last of them."""


SILENT_RESTART_S = 30.0
"""A restart within this time restores everything without asking (clinical.md §5.6, power loss)."""


@dataclass(slots=True)
class SystemState:
    """What is wrong with the program or its computer now, and since when. Bedside thread only."""

    storage_error: str = ""
    storage_error_since: int | None = None
    sound_error: str = ""
    sound_error_since: int | None = None
    restarted_at: int | None = None
    restart_gap_s: float = 0.0
    plan_held: bool = False
    simulated_in_clinical: bool = False
    watchdog_error: str = ""
    lost: int = 0
    lost_at: int | None = None
    _told_lost: int = 0
    _told_lost_at: int | None = None

    def storage(self, error: str, stamp: Stamp) -> SystemEntry | None:
        """Take the recorder's word; an empty one says that it can write again."""
        if error == self.storage_error:
            return None
        if bool(error) != bool(self.storage_error):
            self.storage_error_since = stamp.t_ns if error else None
        self.storage_error = error
        return SystemEntry(
            stamp, "STORAGE_ERROR" if error else "STORAGE_OK", error or "the record can be written again"
        )

    def sound(self, error: str, stamp: Stamp) -> SystemEntry | None:
        """Take the sounder's word; an empty one says that it can be heard."""
        if error == self.sound_error:
            return None
        if bool(error) != bool(self.sound_error):
            self.sound_error_since = stamp.t_ns if error else None
        self.sound_error = error
        return SystemEntry(stamp, "SOUND_LOST" if error else "SOUND_OK", error or "the alarm sound is back")

    def watchdog(self, error: str, stamp: Stamp) -> SystemEntry | None:
        """Take how the watchdog is; an empty word says that it watches (clinical.md §5.6)."""
        if error == self.watchdog_error:
            return None
        self.watchdog_error = error
        return SystemEntry(
            stamp, "WATCHDOG_LOST" if error else "WATCHDOG_OK", error or "the watchdog watches again"
        )

    def losses(self, lost: int, stamp: Stamp) -> SystemEntry | None:
        """Take how many signals have been lost since the start because something could not keep up.

        Told in the record at once, then every 10 s at most while it goes on.
        """
        if lost > self.lost:
            self.lost, self.lost_at = lost, stamp.t_ns
        last = self._told_lost_at
        too_soon = last is not None and stamp.t_ns - last < OVERLOAD_TOLD_EVERY_NS
        if self.lost == self._told_lost or too_soon:
            return None
        more, self._told_lost, self._told_lost_at = self.lost - self._told_lost, self.lost, stamp.t_ns
        text = f"{more} signals were lost: the computer could not keep up"
        return SystemEntry(stamp, "OVERLOAD", text, {"lost": more, "lost_in_all": self.lost})

    def overload_text(self, t_ns: int) -> str:
        """What the screen says of lost signals; empty when the last loss is long over."""
        if self.lost_at is None or t_ns - self.lost_at > OVERLOAD_SHOWN_NS:
            return ""
        return f"This computer cannot keep up: {self.lost} signals were lost. Close other programs."

    def restarted(self, t_ns: int, gap_s: float) -> None:
        """The session was cut off and goes on here.

        After more than a short gap nobody knows who sits in the chair: the cuff's plan waits until a person has said so.
        """
        self.restarted_at, self.restart_gap_s = t_ns, gap_s
        self.plan_held = gap_s > SILENT_RESTART_S

    def facts(self) -> SystemFacts:
        """What the alarm rules may know."""
        return SystemFacts(
            storage_error=self.storage_error,
            storage_error_since_t_ns=self.storage_error_since,
            sound_error=self.sound_error,
            sound_error_since_t_ns=self.sound_error_since,
            restarted_at_t_ns=self.restarted_at,
            restart_gap_s=self.restart_gap_s,
            simulated_in_clinical=self.simulated_in_clinical,
            watchdog_error=self.watchdog_error,
        )


def clock_jump(jump_ns: int, stamp: Stamp) -> SystemEntry:
    """The record's line about a wall clock that was set (clinical.md §6.6, TE-15)."""
    jump_s = jump_ns / NS_PER_S
    return SystemEntry(
        stamp, "CLOCK_JUMP", f"the computer's clock jumped by {jump_s:+.1f} s", {"jump_s": jump_s}
    )
