"""An alarm log and the waves around an alarm, made by hand: what the log panel is tested and looked at with."""

from dataclasses import replace

import numpy as np

from devices.signals import WaveScale
from monitor_app.core.alarm_log import AlarmRow
from monitor_app.core.alarm_verdict import Judgement, Verdict
from monitor_app.core.journal import WaveBlock
from monitor_app.core.phase import Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import NS_PER_S, Actor, Stamp
from monitor_app.core.wave_snapshot import Snapshot, snapshot

START_MS = 1_767_618_000_000
ANA = Actor("K. L.", "nurse")
ECG = WaveScale("mV", 0.005, 0.0, -4096, 4095)
PLETH = WaveScale("1", None, 0.0, 0, 255)


def at(seconds: float) -> Stamp:
    return Stamp(round(seconds * NS_PER_S), START_MS + round(seconds * 1000))


def made(
    number: int, t_s: float, rule: str, text: str, lasts_s: float | None = 40.0, **more: object
) -> AlarmRow:
    ack_s = more.pop("ack_s", None)
    verdict = more.pop("verdict", None)
    row = AlarmRow(
        f"{number:06d}", rule, 1, AlarmClass.PHYSIOLOGICAL, Priority.MEDIUM, Phase.INF, at(t_s), at(t_s),
        cleared=None if lasts_s is None else at(t_s + lasts_s), state="IDLE", text=text, value=130.0, limit=120.0,
    )  # fmt: skip
    if isinstance(ack_s, (int, float)):
        row = replace(row, acknowledged=at(t_s + ack_s), acknowledged_by=ANA)
    if isinstance(verdict, Verdict):
        row = replace(row, judgement=Judgement(verdict, ANA, at(t_s + 99)))
    return replace(row, **more)


ROWS = (
    made(
        1, 100, "TE-01-M", "ECG lead off: LA", 12, alarm_class=AlarmClass.TECHNICAL, verdict=Verdict.ARTEFACT
    ),
    made(2, 400, "AL-HR-03", "HR ↑131 > 120", ack_s=8, verdict=Verdict.NOT_ACTIONABLE),
    made(3, 900, "AL-BP-02", "SYS ↑168 > 160", 300, ack_s=21, note="not confirmed"),
    made(4, 1500, "AL-BP-01", "SYS ↑184 ≥ 180", 600, ack_s=12, priority=Priority.HIGH, verdict=Verdict.ACTED),
    made(5, 2400, "AL-HR-04", "HR ↑112 > 110", 95, priority=Priority.LOW, phase=Phase.REC),
    made(6, 2700, "AL-SP-01", "SpO₂ ↓84 < 85", None, priority=Priority.HIGH, phase=Phase.REC, state="ACTIVE"),
)


def beat_mv(t: np.ndarray, rate_per_min: float = 131.0) -> np.ndarray:
    """P, QRS and T as bells, so that a picture looks like an ECG."""
    phase = (t * rate_per_min / 60) % 1
    bells = (
        (0.2, 0.12, 0.03),
        (0.37, -0.12, 0.008),
        (0.4, 1.15, 0.011),
        (0.43, -0.25, 0.01),
        (0.65, 0.28, 0.05),
    )
    return sum(height * np.exp(-(((phase - centre) / width) ** 2)) for centre, height, width in bells)


def blocks(until_s: float = 2000.0, t_s: float = 1500.0) -> list[WaveBlock]:
    """Half-second rows around an instant, with a second of the ECG missing before it."""
    found = []
    for index in range(round((t_s - 15) * 2), round(min(t_s + 15, until_s) * 2)):
        begin = index / 2
        ecg_t, pleth_t = begin + np.arange(250) / 500, begin + np.arange(62) / 124
        counts = np.round(beat_mv(ecg_t) / 0.005).astype(np.int32)
        pleth = np.round(90 + 70 * np.clip(np.sin(2 * np.pi * pleth_t * 131 / 60), -0.4, 1)).astype(np.int32)
        if not t_s - 7 <= begin < t_s - 6:
            found.append(WaveBlock(at(begin), "berry@p", "ECG_II", 500.0, index * 250, counts, ECG))
        found.append(WaveBlock(at(begin), "berry@p", "PLETH", 124.0, index * 62, pleth, PLETH))
    return found


def shot(t_s: float = 1500.0, until_s: float = 2000.0) -> Snapshot:
    return snapshot(blocks(until_s, t_s), round(t_s * NS_PER_S))
