"""What the program knows about itself: storage, sound, clock, load, restart. Each change is an entry of the record."""

from collections.abc import Iterable
from dataclasses import dataclass

from devices.clock import NS_PER_S
from monitor_app.core.alarm.facts import Noted, SystemFacts
from monitor_app.core.journal import JournalEntry, SystemEntry
from monitor_app.core.stamp import Stamp
from monitor_app.services.computer import UNKNOWN_COMPUTER, Computer

CLOCK_JUMP_CODE = "CLOCK_JUMP"
IDENTITY_CODE = "IDENTITY_CHANGED"
OVERLOAD_TOLD_EVERY_NS = 10 * NS_PER_S
SCREEN_MOVES_NS = NS_PER_S
"""A window whose last sign of life is no older than this moves (clinical.md §6.6, TE-16)."""
OVERLOAD_SHOWN_NS = 60 * NS_PER_S
"""How long the screen says that signals were lost, or the program stood still, after the last time."""

SILENT_RESTART_S = 30.0
"""A restart within this time restores everything without asking (clinical.md §5.6, power loss)."""


@dataclass(slots=True)
class SystemState:
    """What is wrong with the program or its computer now, and since when. Bedside thread only, but for ``screen_alive``."""

    storage_error: str = ""
    storage_error_since: int | None = None
    sound_error: str = ""
    sound_error_since: int | None = None
    second_sound_error: str = ""
    second_sound_error_since: int | None = None
    restarted_at: int | None = None
    restart_gap_s: float = 0.0
    plan_held: bool = False
    simulated_in_clinical: bool = False
    watchdog_error: str = ""
    watchdog_mute: bool = False
    computer: Computer = UNKNOWN_COMPUTER
    clock_jump: Noted | None = None
    identity_change: Noted | None = None
    screen_alive: int | None = None
    """The window's newest sign of life. Written from its thread as one assignment, so that it is never behind a queue."""
    lost: int = 0
    _screen_excused: int | None = None
    _overload: str = ""
    _overloaded_at: int | None = None
    _overloaded_since: int | None = None
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

    def second_sound(self, error: str, stamp: Stamp) -> SystemEntry | None:
        """Take the sounder's word about its second output; an empty one says that nothing is wrong with it."""
        if error == self.second_sound_error:
            return None
        if bool(error) != bool(self.second_sound_error):
            self.second_sound_error_since = stamp.t_ns if error else None
        self.second_sound_error = error
        code = "SECOND_SOUND_LOST" if error else "SECOND_SOUND_OK"
        return SystemEntry(stamp, code, error or "nothing is wrong with the second alarm sound any more")

    def watchdog(self, error: str, stamp: Stamp, *, mute: bool = False) -> SystemEntry | None:
        """Take how the watchdog is; an empty word says that it watches (clinical.md §5.6). ``mute``: it does, unheard."""
        self.watchdog_mute = mute
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
            self.lost = lost
            self._overloaded(stamp.t_ns, f"{lost} signals were lost")
        last = self._told_lost_at
        too_soon = last is not None and stamp.t_ns - last < OVERLOAD_TOLD_EVERY_NS
        if self.lost == self._told_lost or too_soon:
            return None
        more, self._told_lost, self._told_lost_at = self.lost - self._told_lost, self.lost, stamp.t_ns
        text = f"{more} signals were lost: the computer could not keep up"
        return SystemEntry(stamp, "OVERLOAD", text, {"lost": more, "lost_in_all": self.lost})

    def stalled(self, stood_still_s: float, stamp: Stamp) -> SystemEntry:
        """Take that for so long nothing was judged, because the program did not get to it (clinical.md §6.6, TE-16).

        A window that moved until then stood still for the same reason, a computer that slept: it is waited for anew.
        """
        alive = self.screen_alive
        began_t_ns = stamp.t_ns - round(stood_still_s * NS_PER_S)
        if alive is not None and began_t_ns - alive < SCREEN_MOVES_NS:
            self._screen_excused = stamp.t_ns
        self._overloaded(stamp.t_ns, f"it stood still for {stood_still_s:.1f} s")
        text = f"alarms were not judged for {stood_still_s:.1f} s: the computer could not keep up"
        return SystemEntry(stamp, "STALLED", text, {"stalled_s": round(stood_still_s, 1)})

    def _overloaded(self, t_ns: int, what: str) -> None:
        self._overload = what
        if not self._overload_told(t_ns):
            self._overloaded_since = t_ns
        self._overloaded_at = t_ns

    def _overload_told(self, t_ns: int) -> bool:
        at = self._overloaded_at
        return at is not None and t_ns - at <= OVERLOAD_SHOWN_NS

    def overload_text(self, t_ns: int) -> str:
        """What the screen says of lost signals; empty when the last loss is long over."""
        if not self._overload_told(t_ns):
            return ""
        return f"This computer cannot keep up: {self._overload}. Close other programs."

    def _screen_alive(self) -> int | None:
        alive, excused = self.screen_alive, self._screen_excused
        return alive if alive is None or excused is None else max(alive, excused)

    def jumped(self, jump_ns: int, stamp: Stamp) -> SystemEntry:
        """Take that the wall clock was set (clinical.md §6.6, TE-15)."""
        jump_s = jump_ns / NS_PER_S
        text = f"the computer's clock jumped by {jump_s:+.1f} s"
        self.clock_jump = Noted(stamp.t_ns, _sentence(text), jump_s)
        return SystemEntry(stamp, CLOCK_JUMP_CODE, text, {"jump_s": jump_s})

    def identity_changed(self, source: str, before: str, now: str, stamp: Stamp) -> SystemEntry:
        """Take that a monitor calls itself something else than before (clinical.md §6.6, TE-19)."""
        text = f"{source} is now {now}, before {before}"
        self.identity_change = Noted(stamp.t_ns, _sentence(text))
        return SystemEntry(stamp, IDENTITY_CODE, text, {"source": source, "before": before, "now": now})

    def restore(self, entries: Iterable[JournalEntry]) -> None:
        """Take up what happened once in a session that was cut off: whether it is acknowledged the alarms know."""
        for entry in entries:
            if not isinstance(entry, SystemEntry):
                continue
            if entry.code == CLOCK_JUMP_CODE:
                jump_s = entry.fields.get("jump_s")
                value = float(jump_s) if isinstance(jump_s, (int, float)) else None
                self.clock_jump = Noted(entry.stamp.t_ns, _sentence(entry.text), value)
            elif entry.code == IDENTITY_CODE:
                self.identity_change = Noted(entry.stamp.t_ns, _sentence(entry.text))

    def restarted(self, t_ns: int, gap_s: float) -> None:
        """The session was cut off and goes on here.

        After more than a short gap nobody knows who sits in the chair: the cuff's plan waits until a person has said so.
        """
        self.restarted_at, self.restart_gap_s = t_ns, gap_s
        self.plan_held = gap_s > SILENT_RESTART_S

    def facts(self, t_ns: int) -> SystemFacts:
        """What the alarm rules may know now."""
        overload = self.overload_text(t_ns)
        return SystemFacts(
            storage_error=self.storage_error,
            storage_error_since_t_ns=self.storage_error_since,
            sound_error=self.sound_error,
            sound_error_since_t_ns=self.sound_error_since,
            second_sound_error=self.second_sound_error,
            second_sound_error_since_t_ns=self.second_sound_error_since,
            restarted_at_t_ns=self.restarted_at,
            restart_gap_s=self.restart_gap_s,
            simulated_in_clinical=self.simulated_in_clinical,
            free_disk_bytes=self.computer.free_disk_bytes,
            on_battery=self.computer.on_battery,
            battery_percent=self.computer.battery_percent,
            clock_jump=self.clock_jump,
            screen_alive_t_ns=self._screen_alive(),
            overload=overload,
            overload_since_t_ns=self._overloaded_since if overload else None,
            identity_change=self.identity_change,
            watchdog_error=self.watchdog_error,
            watchdog_mute=self.watchdog_mute,
        )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
