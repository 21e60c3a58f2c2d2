"""The phases of a visit (clinical.md §3.1) and what follows from being in one."""

from enum import Enum


class AlarmProfile(Enum):
    """Which columns of the alarm rules apply (clinical.md §6, column Ph)."""

    PRE = "pre"
    INF = "inf"
    REC = "rec"
    TECHNICAL = "technical"  # check-in: equipment only
    NONE = "none"


class Phase(Enum):
    """A state of the visit, by its code in clinical.md §3.1."""

    SCHED = "SCHED"
    CHECKIN = "CHECKIN"
    BASE = "BASE"
    READY = "READY"
    INF = "INF"
    PAUSE = "PAUSE"
    REC = "REC"
    DCA = "DCA"
    DONE = "DONE"
    SIGNED = "SIGNED"
    CANCEL = "CANCEL"
    EMERG = "EMERG"

    @property
    def title(self) -> str:
        """The name a nurse would use."""
        return _TITLES[self]

    @property
    def monitoring(self) -> bool:
        """Whether a patient is being monitored and recorded."""
        return self in MONITORING

    @property
    def alarm_profile(self) -> AlarmProfile:
        """Which alarm rules are live."""
        return _PROFILES.get(self, AlarmProfile.NONE)


MONITORING = frozenset({Phase.BASE, Phase.READY, Phase.INF, Phase.PAUSE, Phase.REC, Phase.DCA, Phase.EMERG})

_TITLES = {
    Phase.SCHED: "Scheduled",
    Phase.CHECKIN: "Check-in",
    Phase.BASE: "Baseline",
    Phase.READY: "Ready",
    Phase.INF: "Infusion",
    Phase.PAUSE: "Paused",
    Phase.REC: "Recovery",
    Phase.DCA: "Discharge",
    Phase.DONE: "Left",
    Phase.SIGNED: "Signed",
    Phase.CANCEL: "Not treated",
    Phase.EMERG: "Emergency",
}

_PROFILES = {
    Phase.CHECKIN: AlarmProfile.TECHNICAL,
    Phase.BASE: AlarmProfile.PRE,
    Phase.READY: AlarmProfile.PRE,
    Phase.INF: AlarmProfile.INF,
    Phase.PAUSE: AlarmProfile.INF,
    Phase.EMERG: AlarmProfile.INF,
    Phase.REC: AlarmProfile.REC,
    Phase.DCA: AlarmProfile.REC,
}
