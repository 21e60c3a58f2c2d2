"""Signal quality, line, computer and program: what clinical.md §6.6 adds to the sensors."""

import pytest

from monitor_app.core.alarm.facts import (
    BeatFacts,
    LinkFacts,
    NibpFacts,
    Noted,
    PulseFacts,
    Shown,
    SignalFacts,
    SystemFacts,
)
from monitor_app.core.phase import Phase
from tests.monitor_app.core.alarm.alarm_helpers import S, engine, facts, moves

GB, MB = 1_000_000_000, 1_000_000


def told(known, phase=Phase.INF, until_s: float = 70) -> list[tuple[float, str, str]]:
    """Every half second with the same facts: when which rule is announced and shown."""
    alarms, found = engine(), []
    for half in range(round(until_s * 2) + 1):
        steps = alarms.evaluate(facts(half / 2, phase=phase, **known))
        active = [step for step in steps if step.to_state.value == "ACTIVE" and not step.suppressed]
        found += [(step.t_ns / S, step.rule, step.priority.value) for step in active]
    return found


def system(**known) -> dict[str, SystemFacts]:
    return {"system": SystemFacts(**known)}


BEATS, PULSE = BeatFacts(0, 0, median_rate_per_min=100), PulseFacts(80, 0.9)
TABLE = [
    ({"ecg": SignalFacts(0.5)}, Phase.INF, []),
    ({"ecg": SignalFacts(0.49, "noise")}, Phase.INF, [(15, "TE-02-L", "LOW"), (60, "TE-02-M", "MEDIUM")]),
    ({"ecg": SignalFacts(0.1)}, Phase.REC, [(15, "TE-02-L", "LOW")]),
    ({"ecg": SignalFacts(0.1), "ecg_leads_off": ("RA",)}, Phase.REC, [(3, "TE-01-L", "LOW")]),
    ({"pleth_searching_since_t_ns": 0}, Phase.INF, [(15, "TE-04", "MEDIUM")]),
    ({"pleth_searching_since_t_ns": 0}, Phase.REC, [(15, "TE-04", "MEDIUM")]),
    ({"pleth_searching_since_t_ns": 0}, Phase.BASE, []),
    ({"pi": Shown(0.4)}, Phase.INF, []),
    ({"pi": Shown(0.39)}, Phase.BASE, [(30, "TE-05", "LOW")]),
    ({"links": (LinkFacts("a@b", 10**12, 1, connected=True, bad_frame_share=0.05),)}, Phase.INF, []),
    (
        {"links": (LinkFacts("a@b", 10**12, 1, connected=True, bad_frame_share=0.06),)},
        Phase.INF,
        [(0, "TE-10", "LOW")],
    ),
    ({"beats": BEATS, "pulse": PULSE}, Phase.INF, []),  # those beats are old
    ({"hr": Shown(100, 1, "ECG"), "pr": Shown(80)}, Phase.INF, [(15, "TE-11", "LOW")]),
    ({"hr": Shown(100, 1, "ECG"), "pr": Shown(90)}, Phase.INF, []),
    ({"hr": Shown(80, 1, "PR"), "pr": Shown(100)}, Phase.INF, []),
    ({"hr": Shown(100, 1, "ECG"), "pr": Shown(80), "ecg_leads_off": ("V",)}, Phase.BASE,
     [(3, "TE-01-L", "LOW"), (15, "TE-11", "LOW")]),
    (system(free_disk_bytes=2 * GB), Phase.INF, []),
    (system(free_disk_bytes=2 * GB - MB), Phase.INF, [(0, "TE-13-L", "LOW")]),
    (system(free_disk_bytes=299 * MB), Phase.CHECKIN, [(0, "TE-13-M", "MEDIUM")]),
    (system(clock_jump=Noted(0, "the clock jumped by -3600 s", -3600)), Phase.INF, [(0, "TE-15", "LOW")]),
    (system(clock_jump=Noted(0, "", 2)), Phase.INF, []),
    (system(screen_alive_t_ns=0), Phase.INF, [(1.5, "TE-16-L", "LOW"), (5.5, "TE-16-H", "HIGH")]),
    (system(overload="100 signals were lost", overload_since_t_ns=0), Phase.INF, [(0, "TE-16-L", "LOW")]),
    (system(watchdog_error="it ended"), Phase.INF, [(0, "TE-16-W", "LOW")]),
    (system(second_sound_error="Hall is not connected"), Phase.INF, [(0, "TE-14-L", "LOW")]),
    (
        system(watchdog_error="no way to play", watchdog_mute=True, sound_error="no output"),
        Phase.INF,
        [(2, "TE-14", "MEDIUM")],
    ),
    (system(on_battery=True, battery_percent=20), Phase.INF, [(0, "TE-17-I", "INFO")]),
    (system(on_battery=True), Phase.INF, [(0, "TE-17-I", "INFO")]),
    (system(on_battery=True, battery_percent=19.9), Phase.INF, [(0, "TE-17-M", "MEDIUM")]),
    (system(on_battery=True, battery_percent=7), Phase.INF, [(0, "TE-17-H", "HIGH")]),
    (system(battery_percent=3), Phase.INF, []),
    (system(identity_change=Noted(0, "B40 was B20")), Phase.INF, [(0, "TE-19", "MEDIUM")]),
]  # fmt: skip


@pytest.mark.parametrize(("known", "phase", "expected"), TABLE)
def test_what_is_announced_when(known, phase, expected):
    assert [x for x in told(known, phase) if x[1] != "AL-HR-01" and not x[1].startswith("TE-21")] == expected


def test_a_jump_is_told_once_and_kept_until_acknowledged():
    alarms = engine()
    jump = system(clock_jump=Noted(S, "the clock jumped by -3600 s", -3600))
    alarms.evaluate(facts(1, **jump))
    assert moves(alarms.acknowledge("TE-15", 2 * S)) == [("TE-15", "ACTIVE", "IDLE")]
    assert alarms.evaluate(facts(3, **jump)) == []
    second = system(clock_jump=Noted(9 * S, "the clock jumped by +5 s", 5))
    assert moves(alarms.evaluate(facts(9, **second))) == [("TE-15", "IDLE", "ACTIVE")]


def test_information_is_a_line_and_no_alarm():
    alarms = engine()
    alarms.evaluate(facts(0, **system(on_battery=True, battery_percent=80)))
    (line,) = alarms.conditions
    assert (line.informs, line.shown, line.unacknowledged, line.text) == (
        True,
        False,
        False,
        "On battery: 80 %",
    )
    assert alarms.acknowledge(None, S) == []


def test_a_stalled_screen_is_noticed_without_new_input():
    alarms = engine()
    alarms.evaluate(facts(0, **system(screen_alive_t_ns=0)))
    assert alarms.next_deadline_ns() == S + 1
    assert moves(alarms.evaluate(facts(2, **system(screen_alive_t_ns=0)))) == [("TE-16-L", "IDLE", "ACTIVE")]
    assert moves(alarms.evaluate(facts(3, **system(screen_alive_t_ns=3 * S)))) == [
        ("TE-16-L", "ACTIVE", "IDLE")
    ]


def test_the_disk_needs_some_room_to_be_well_again():
    alarms = engine()
    alarms.evaluate(facts(0, **system(free_disk_bytes=1900 * MB)))
    assert alarms.evaluate(facts(1, **system(free_disk_bytes=2100 * MB))) == []
    assert moves(alarms.evaluate(facts(2, **system(free_disk_bytes=2200 * MB)))) == [
        ("TE-13-L", "ACTIVE", "IDLE")
    ]


def test_beat_by_beat_where_it_can_be():
    beats = BeatFacts(100 * S, 0, median_rate_per_min=100)
    alarms = engine()
    known = {"hr": Shown(90, 1, "ECG"), "pr": Shown(85), "beats": beats}
    alarms.evaluate(facts(100, pulse=PulseFacts(80, 0.9), **known))
    assert [c.rule.id for c in alarms.conditions] == ["TE-11"]
    alarms = engine()
    alarms.evaluate(facts(100, pulse=PulseFacts(80, 0.6), **known))
    assert alarms.conditions == ()


def test_a_cuff_on_the_limb_of_the_probe_holds_pulse_and_perfusion():
    alarms = engine()
    cuff = NibpFacts(inflating_on_spo2_limb_since_t_ns=0)
    for t in range(50):
        known = {
            "pi": Shown(0.1),
            "pleth_searching_since_t_ns": 0,
            "hr": Shown(100, 1, "ECG"),
            "pr": Shown(60),
        }
        assert alarms.evaluate(facts(t, nibp=cuff, **known)) == []
