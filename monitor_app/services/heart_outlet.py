"""The bedside's heartbeat for its watchdog, and who of the two gives the alarm for a window that stands still.

Both would after the same 5 s. The bedside does where it can be heard; the watchdog is told so and keeps silent, because two
bursts are never mixed (clinical.md §5.3; docs/decisions/0021).
"""

from monitor_app.core.journal import AlarmEntry
from monitor_app.services.bedside.publication import BedsideState, Publication
from monitor_app.services.bedside.thread import Outlet
from monitor_app.services.watchdog_link import OwnAlarm, WatchdogLink

SCREEN_RULE = "TE-16-H"
"""The alarm by which the program itself says that its window stands still (clinical.md §6.6)."""
_HEARD = frozenset({"normal", "moved"})
_WOULD_BE_HEARD = _HEARD | {"paused"}  # a HIGH alarm that is new ends a pause (clinical.md §5.5)


class HeartOutlet(Outlet):
    """Listens to a bedside and passes its heartbeat on: a state is published each second, after the alarms were judged.

    With it goes what the bedside does itself about a window that stands still.
    """

    def __init__(self, link: WatchdogLink) -> None:
        super().__init__(limit=0)
        self._link = link
        self._own = OwnAlarm()

    def put(self, publication: Publication) -> None:
        """Take a sign of life; called in the bedside's thread."""
        if isinstance(publication, BedsideState):
            self._own = own_alarm(publication)
            self._link.arm(armed=publication.visit.phase.monitoring)
            self._link.beat("bedside")
        elif self._own.would_sound and _gives_alarm(publication):
            self._own = OwnAlarm(sounds=True, would_sound=True)  # the next state may be a second away
        else:
            return
        self._link.own_alarm(self._own)


def own_alarm(state: BedsideState) -> OwnAlarm:
    """Return what a bedside does about a window that stands still.

    It sounds where its rule is judged and not switched off, and the sounder says that it can be heard. An alarm that was
    acknowledged has been heard, whatever became of the sound since. A pause of the alarms is of the patient's alone.
    """
    rule = next((c for c in state.conditions if c.rule.id == SCREEN_RULE and c.shown), None)
    sound, known = state.sound.state, state.facts
    judged = known.system.screen_alive_t_ns is not None and SCREEN_RULE not in known.holds.rules_off
    return OwnAlarm(
        sounds=rule is not None and (rule.acknowledged or sound in _HEARD),
        would_sound=judged and sound in _WOULD_BE_HEARD,
    )


def _gives_alarm(publication: Publication) -> bool:
    return (
        isinstance(publication, AlarmEntry)
        and (publication.rule, publication.to_state) == (SCREEN_RULE, "ACTIVE")
        and not publication.suppressed
    )
