"""The limits written on the tiles: those in force that would alarm first (clinical.md §5.6)."""

from monitor_app.core.alarm.limits import Limits
from monitor_app.core.phase import AlarmProfile

TileLimits = dict[str, tuple[tuple[str, str], ...]]
"""Tile key → pairs of figure and word: ``{"HR": (("120", "high"), ("50", "low"))}``."""


def tile_limits(limits: Limits, profile: AlarmProfile) -> TileLimits:
    """Return what each tile says of its limits; a number without a rule in force says nothing."""

    def figure(rule: str, key: str) -> str:
        return f"{limits.get(rule, key, profile):g}"

    pressure_high = f"{figure('AL-BP-02', 'systolic_mmhg')}/{figure('AL-BP-02', 'diastolic_mmhg')}"
    if profile not in {AlarmProfile.PRE, AlarmProfile.INF, AlarmProfile.REC}:
        return {"HR": (), "SPO2": (), "NIBP": (), "RR": ()}
    breathing = (
        (figure("AL-RR-04", "limit_per_min"), "high"),
        (figure("AL-RR-03", "limit_per_min"), "low"),
    )
    return {
        "HR": (
            (figure("AL-HR-03", "limit_per_min"), "high"),
            (figure("AL-HR-06", "limit_per_min"), "low"),
        ),
        "SPO2": ((figure("AL-SP-02", "limit_percent"), "low"),),
        "NIBP": ((pressure_high, "high"), (figure("AL-BP-08", "systolic_mmhg"), "low")),
        "RR": () if profile is AlarmProfile.PRE else breathing,  # no rule before the infusion
    }
