"""The self-watch: what the program learns about itself and its computer goes into the record and to the alarm rules."""

from collections.abc import Callable, Iterable

from monitor_app.core.journal import JournalEntry, SystemEntry
from monitor_app.services.bedside.system import SystemState
from monitor_app.services.computer import Computer
from monitor_app.services.ports import Sounder
from monitor_app.services.session_clock import SessionClock


class SelfWatch:
    """Writes down each change of ``state``. Bedside thread only, but for ``screen``."""

    def __init__(
        self,
        state: SystemState,
        clock: SessionClock,
        sounder: Sounder,
        record: Callable[[JournalEntry], None],
    ) -> None:
        self._state = state
        self._clock = clock
        self._sounder = sounder
        self._record = record

    def restore(self, entries: Iterable[JournalEntry]) -> None:
        """Take up what happened once in a session that was cut off."""
        self._state.restore(entries)

    def second(self, t_ns: int) -> None:
        """Look at sound and clock; called once a second."""
        stamp = self._clock.stamp(t_ns)
        self._sounder.ask()
        self._note(self._state.sound(self._sounder.trouble or self._sounder.moved, stamp))
        self._note(self._state.second_sound(self._sounder.second_trouble, stamp))
        jump_ns = self._clock.wall_jump_ns()
        if jump_ns:
            self._record(self._state.jumped(jump_ns, self._clock.stamp(t_ns)))

    def storage(self, text: str, t_ns: int) -> None:
        """The recorder cannot write (TE-12), or can again when the text is empty."""
        self._note(self._state.storage(text, self._clock.stamp(t_ns)))

    def watchdog(self, text: str, *, mute: bool = False) -> None:
        """Nothing would sound if this program stopped (TE-16-W), or all is well again when the text is empty.

        ``mute``: it watches, but this computer gives it no way to sound.
        """
        self._note(self._state.watchdog(text, self._clock.stamp(), mute=mute))

    def losses(self, lost: int) -> None:
        """Take how many signals were lost so far because something could not keep up (TE-16)."""
        self._note(self._state.losses(lost, self._clock.stamp()))

    def stalled(self, stood_still_s: float) -> None:
        """Take that nothing was judged for so long (TE-16)."""
        self._record(self._state.stalled(stood_still_s, self._clock.stamp()))

    def screen(self, mono_ns: int | None) -> None:
        """The window gave a sign of life at this instant of the host's clock; None: it is closed, none is waited for.

        Called from the window's thread, past the inbox: signs of life that wait behind a bedside that stands still would
        make a window that moves look like one that does not.
        """
        self._state.screen_alive = None if mono_ns is None else self._clock.t_ns(mono_ns)

    def computer(self, now: Computer) -> None:
        """Take how the computer's disk and power are (TE-13, TE-17)."""
        self._state.computer = now

    def identity(self, source: str, names: tuple[str, str] | None) -> None:
        """Take that a source has another name than before (TE-19): before and now; None: it has not."""
        if names is not None:
            before, now = names
            self._record(self._state.identity_changed(source, before, now, self._clock.stamp()))

    def fault(self, what: str) -> None:
        """Record a fault of the program that was survived."""
        text = f"internal error, monitoring went on: {what}; please send the log to support"
        self._record(SystemEntry(self._clock.stamp(), "INTERNAL_ERROR", text))

    def _note(self, entry: SystemEntry | None) -> None:
        if entry is not None:
            self._record(entry)
