"""What a replay could not judge is said; what it says it could not judge has never spoken."""

import numpy as np
import pytest

from devices.recordings.loader import load_recording
from devices.recordings.recording import Recording, Wave
from monitor_app.core.alarm.catalogue import RULES
from monitor_app.core.journal import Baseline
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.services.replay import replay_csv
from monitor_app.services.replay_csv import NUMBERS
from monitor_app.services.replay_facts import ReplayOptions
from monitor_app.services.replay_judged import KIND, Carried, needs_of, unjudged
from monitor_app.services.replay_waves import replay_recording
from tests.monitor_app.services.replay_runner import every_second
from tests.monitor_app.services.test_replay_vectors_outside import VECTORS

ALL_COLUMNS = frozenset({*NUMBERS, "t", "nibp_status", "ecg_lead_off"})
ALL_WAVES = frozenset({"ECG", "PLETH", "RESP"})
ALL_PHASES = frozenset({AlarmProfile.PRE, AlarmProfile.INF, AlarmProfile.REC})
NAMED = ReplayOptions(
    baseline=Baseline(120, 80, 72, 98, None), t_end_s=1.0, bp_end=(120, 80), nibp_interval_s=300
)


def listed(columns=ALL_COLUMNS, *, options=NAMED, profiles=ALL_PHASES, waves=ALL_WAVES) -> dict[str, str]:
    return {
        one.rule: one.why
        for one in unjudged(Carried(frozenset(columns), options, profiles, 1.0, frozenset(waves)))
    }


def replayed(tmp_path, text, **options):
    path = tmp_path / "numbers.csv"
    path.write_text(text, encoding="ascii")
    *alarms, last = replay_csv(path, ReplayOptions(**options))
    assert last["kind"] == KIND
    return alarms, {one["rule"]: one["why"] for one in last["rules"]}


def test_of_every_rule_it_is_known_what_it_looks_at() -> None:
    assert all(needs_of(rule.id) for rule in RULES)


def test_with_everything_only_people_program_connections_and_sensors_are_left() -> None:
    left = listed()
    assert set(left.values()) == {
        "what the oximeter says of its sensor is not replayed",
        "connections to monitors are not replayed",
        "what happened to the program and its computer is not replayed",
        "what people rated, entered and had to do is not replayed",
    }
    assert not [rule for rule in left if rule.startswith("AL-") and not rule.startswith("AL-SD")]


@pytest.mark.parametrize(
    ("changes", "rules", "why"),
    [
        ({"columns": ALL_COLUMNS - {"rr"}, "waves": ()}, {"AL-RR-01"}, "neither a breathing wave nor a respiratory"),
        ({"columns": ALL_COLUMNS - {"rr"}}, {"AL-RR-02", "AL-RR-03", "AL-RR-04"}, "no respiratory rate"),
        ({"waves": ()}, {"AL-HR-01", "TE-21"}, "no ECG is replayed beat by beat"),
        ({"waves": ("ECG", "RESP")}, {"TE-21"}, "no pleth"),
        ({"columns": ALL_COLUMNS - {"spo2"}}, {"AL-SP-01", "AL-SP-02", "AL-SP-03", "AL-SP-04", "TE-06"}, "no SpO2"),
        ({"columns": ALL_COLUMNS - {"o2_l_min"}}, {"AL-SP-04"}, "counts as room air"),
        ({"columns": ALL_COLUMNS - {"dia", "map"}}, {"AL-BP-03", "AL-BP-12"}, "no diastolic"),
        ({"options": ReplayOptions(t_end_s=1.0, bp_end=(120, 80), nibp_interval_s=300)},
         {"AL-HR-05", "AL-BP-04", "AL-BP-05", "AL-BP-10"}, "--baseline"),
        ({"profiles": frozenset({AlarmProfile.INF})},
         {"AL-HR-08", "AL-BP-11", "AL-BP-12"}, "only after the infusion, and nothing of that is replayed"),
        ({"profiles": frozenset({AlarmProfile.REC})}, {"AL-HR-09"}, "only during the infusion"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(changes, rules, why) -> None:
    new = {rule: words for rule, words in listed(**changes).items() if rule not in listed()}
    assert {rule for rule, words in new.items() if why in words} == rules


def test_a_row_whose_priority_changes_with_the_phase_is_judged_in_each() -> None:
    assert not {"TE-01-M", "TE-01-L", "TE-02-M"} & set(listed(profiles=frozenset({AlarmProfile.PRE})))


@pytest.mark.parametrize(("number", "text", "options", "expected"), VECTORS)
def test_no_rule_speaks_that_could_not_be_judged(
    tmp_path, chairside_options, number, text, options, expected
) -> None:
    alarms, left = replayed(tmp_path, text, **chairside_options(options))
    assert not {line["rule"] for line in alarms} & set(left), number
    assert not {rule for _, rule in expected} & set(left)


@pytest.fixture
def chairside_options():
    """The options of the command line as those of a replay."""
    from monitor_app.services.replay import parse_baseline, parse_pressure, parse_replay_phase

    readers = {
        "--phase": ("phase", parse_replay_phase), "--baseline": ("baseline", parse_baseline),
        "--t-end": ("t_end_s", float), "--bp-end": ("bp_end", parse_pressure),
        "--nibp-interval": ("nibp_interval_s", float),
    }  # fmt: skip

    def read(words):
        pairs = zip(words[::2], words[1::2], strict=True)
        return {readers[name][0]: readers[name][1](value) for name, value in pairs}

    return read


class TestNoBreath:
    """AL-RR-01 (clinical.md §6.4: no breath for 20 s)."""

    def steps(self, lines):
        return [(line["t"], line["to"]) for line in lines if line["rule"] == "AL-RR-01"]

    def test_a_rate_of_nought_after_others_is_no_breath(self, tmp_path) -> None:
        alarms, left = replayed(tmp_path, every_second("rr", [14] * 10 + [0] * 40 + [12] * 5))
        assert self.steps(alarms) == [(30.0, "ACTIVE"), (50.0, "LATCHED")]
        assert "AL-RR-01" not in left

    def test_a_rate_that_never_was_anything_else_is_not_measured(self, tmp_path) -> None:
        alarms, _ = replayed(tmp_path, every_second("rr", [0] * 60))
        assert self.steps(alarms) == []

    def test_an_empty_cell_is_no_word_about_breathing(self, tmp_path) -> None:
        alarms, _ = replayed(tmp_path, every_second("rr", [14] * 10 + [0] * 10 + [""] * 5 + [0] * 15))
        assert self.steps(alarms) == []

    def recording(self, still_s: tuple[int, int]) -> Recording:
        rate_hz, seconds = 25.0, 150
        t_s = np.arange(round(rate_hz * seconds)) / rate_hz
        wave = 0.5 + 0.3 * np.sin(2 * np.pi * 0.25 * t_s)
        wave[(t_s >= still_s[0]) & (t_s < still_s[1])] = 0.5
        return Recording("breaths", waves={"RESP": Wave(rate_hz, wave, "NU")}, numerics={})

    def test_a_breathing_wave_that_stands_still_is_heard_and_a_breath_ends_it(self) -> None:
        *alarms, last = replay_recording(self.recording((60, 110)), ReplayOptions(phase=Phase.INF))
        (began, to), (ended, after) = self.steps(alarms)
        assert (to, after) == ("ACTIVE", "LATCHED")
        assert 79 <= began <= 82  # the last breath was completed up to 2 s before
        assert 110 < ended <= 116
        assert "AL-RR-01" not in {one["rule"] for one in last["rules"]}
        assert "AL-RR-02" in {one["rule"] for one in last["rules"]}

    def test_a_short_pause_is_breathing(self) -> None:
        *alarms, _ = replay_recording(self.recording((60, 75)))
        assert self.steps(alarms) == []


@pytest.mark.parametrize(("name", "judged"), [("bidmc/bidmc_49_Signals.csv", True), ("mitdb/209.hea", False)])
def test_of_real_recordings_breathing_is_judged_where_they_hold_it(shared_data, name, judged) -> None:
    recording = load_recording(shared_data / name)
    short = Recording(
        recording.name,
        waves={
            key: Wave(w.rate_hz, w.samples[: round(5 * w.rate_hz)], w.unit)
            for key, w in recording.waves.items()
        },
        numerics=recording.numerics,
    )
    *_, last = replay_recording(short)
    assert ("AL-RR-01" not in {one["rule"] for one in last["rules"]}) is judged
