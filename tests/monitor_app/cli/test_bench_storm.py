"""The storm of the bench: its pattern raises what it says, and its reckoning finds what is late, lost or hidden."""

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from devices.clock import NS_PER_MS, NS_PER_S
from devices.errors import ConfigError
from devices.protocols.berry.monitor import ecg_params
from monitor_app.cli import bench_command
from monitor_app.cli.bench.noise import Crowd, Waits
from monitor_app.cli.bench.storm_account import Due, Heard, Witnesses, due_alarms, fates, sent_at
from monitor_app.cli.bench.storm_figures import Frames
from monitor_app.cli.bench.storm_pattern import HELD_S, RULES, STEPS, StormPatient, limit_changes
from monitor_app.cli.bench.storm_watch import Painting
from monitor_app.core.alarm.catalogue import RULES as CATALOGUE
from monitor_app.core.alarm.catalogue import default_limits
from monitor_app.core.alarm.limit_change import LimitChange, changed
from monitor_app.core.journal import AlarmEntry
from monitor_app.core.phase import AlarmProfile, Phase
from monitor_app.core.priority import AlarmClass, Priority
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.services.presets import factory_limits
from tests.devices.fake_patient import FakePatient

BY_ID = {rule.id: rule for rule in CATALOGUE}
HR_02, HR_03, HR_06 = RULES[:3]
HIDDEN_BY = {"AL-HR-03": ("AL-HR-02",), "AL-SP-02": ("AL-SP-01",)}
"""clinical.md §5.4: the lesser alarm of the same number is hidden behind the greater."""


def heard(seconds: int) -> list[Heard]:
    """What a berry board would tell of the storm, once a second (protocols.md §1)."""
    patient = StormPatient(FakePatient())
    found = []
    for second in range(seconds):
        at_ns = (1000 * second + 400) * NS_PER_MS
        patient.advance(second + 0.4)
        now = patient.numerics()
        for name, value in (("HR", now.hr_per_min), ("RR", now.rr_per_min), ("SPO2", now.spo2_percent)):
            found.append(Heard(name, value or 0.0, at_ns - 20 * NS_PER_MS, at_ns))
    return found


class TestPattern:
    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
    def test_every_number_may_be_chosen_by_a_clinic(self, rule):
        for key, value in rule.numbers.items():
            parameter = BY_ID[rule.id].parameter(key)
            assert parameter is not None
            assert parameter.allows(value)
        assert rule.delay_s < HELD_S

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
    def test_what_begins_a_rule_is_beyond_its_limit_of_the_table(self, rule):
        key = "limit_percent" if rule.number == "SPO2" else "limit_per_min"
        limit = default_limits().get(rule.id, key, AlarmProfile.INF)
        beyond = [value for value in (limit - 1, limit + 1) if rule.begins(value)]
        assert len(beyond) == 1
        assert not rule.begins(limit)

    def test_a_nurse_may_ask_for_it_and_only_delays_change(self):
        before = after = factory_limits()
        for ask in limit_changes(Actor("bench", "nurse")):
            after = changed(after, LimitChange(ask.rule, ask.parameter, ask.value), by=ask.by)
        differ = {key for key in before.values if before.values[key] != after.values[key]}
        assert {name for _, name in differ} == {"delay_s", "clear_s", "hold_s"}
        assert {rule for rule, _ in differ} == {rule.id for rule in RULES}

    def test_it_is_a_storm(self):
        dues = due_alarms(heard(240), 0, 240 * NS_PER_S)
        hidden = {
            id(due)
            for due in dues
            for other in dues
            if other.rule.id in HIDDEN_BY.get(due.rule.id, ()) and abs(other.met_ns - due.met_ns) < NS_PER_S
        }
        assert (len(dues) - len(hidden)) / 4 >= 100
        assert {due.rule.id for due in dues} == {rule.id for rule in RULES}

    def test_it_keeps_to_the_octets_of_the_wire_and_to_its_waves(self):
        patient = StormPatient(FakePatient())
        patient.advance(1.2)
        data = ecg_params(patient.numerics(), patient.sensors(), 0)
        assert data[1] < 50  # HR: the second step is slow
        assert data[2] > 30  # RR: and breathes fast
        wave = patient.wave("PLETH", 100.0, 0, 50)
        assert np.array_equal(wave, FakePatient().exact("PLETH", np.arange(50) / 100.0))

    def test_neighbours_of_a_kind_have_other_numbers(self):
        rates = [h.value for h in heard(len(STEPS) * 5) if h.name == "HR" and h.value > 120]
        assert all(a != b for a, b in pairwise(rates))


def entry(rule: str, at_ms: int, text: str, **more: object) -> AlarmEntry:
    priority = more.get("priority", Priority.MEDIUM)
    assert isinstance(priority, Priority)
    return AlarmEntry(
        Stamp(at_ms * NS_PER_MS, 0),
        str(more.get("occurrence", f"{rule}-{at_ms}")),
        rule,
        AlarmClass.PHYSIOLOGICAL,
        priority,
        "IDLE",
        str(more.get("to_state", "ACTIVE")),
        Phase.INF,
        None,
        None,
        text,
        suppressed=str(more.get("suppressed", "")),
    )


def ms(*instants: float) -> list[int]:
    return [round(t * NS_PER_MS) for t in instants]


class TestAccount:
    """Session time is monotonic time here; every instant in milliseconds."""

    due = Due(HR_03, *ms(1000, 980))

    def seen(self, alarms=(), bursts=(), recorded_ms=1012.0, drawn=((), ())) -> Witnesses:
        painting = Painting([(t, texts) for t, texts in zip(ms(*drawn[0]), drawn[1], strict=True)])
        return Witnesses(
            alarms,
            [(*ms(asked, read), urgency) for asked, read, urgency in bursts],
            mono_ns=lambda t_ns: t_ns,
            recorded_ns=lambda _entry: None if recorded_ms is None else round(recorded_ms * NS_PER_MS),
            drawn_ns=painting.first,
            waited_ns=lambda a, b: (b - a) // 4,
        )

    def fate(self, *more, **seen):
        (found,) = fates([self.due], self.seen(*more, **seen))
        return found

    def test_each_way_is_measured_from_the_condition(self):
        found = self.fate(
            [entry("AL-HR-03", 1004, "SpO2 ↓88 < 90")],
            [(1005, 1009, "MEDIUM")],
            drawn=((990, 1040, 1060), (("!!  SpO₂ ↓88 < 90",), ("",), ("!!  SpO₂ ↓88 < 90 · +1",))),
        )
        assert (found.recorded_ms, found.drawn_ms, found.sounded_ms) == (12.0, 60.0, 9.0)
        assert (found.worst_ms, found.own_ms, found.transport_ms) == (60.0, 45.0, 20.0)

    @pytest.mark.parametrize("at_ms", [900, 990, 2000])
    def test_an_alarm_of_another_time_is_not_this_one(self, at_ms):
        found = self.fate([entry("AL-HR-03", at_ms, "x")])
        assert found.priority is None
        assert math.isinf(found.worst_ms)
        assert found.own_ms == 900 - 900 / 4

    def test_the_same_words_of_a_later_alarm_are_not_this_ones(self):
        found = self.fate([entry("AL-HR-03", 1003, "x")], drawn=((2500,), (("x",),)))
        assert found.drawn_ms == math.inf

    def test_another_rules_alarm_is_not_this_one(self):
        assert self.fate([entry("AL-HR-06", 1003, "x")]).priority is None

    def test_what_is_never_drawn_or_recorded_is_infinite(self):
        found = self.fate([entry("AL-HR-03", 1003, "x")], [(1004, 1005, "MEDIUM")], recorded_ms=None)
        assert math.isinf(found.recorded_ms)
        assert found.drawn_ms == math.inf

    def test_what_must_sound_and_does_not_is_infinite(self):
        assert self.fate([entry("AL-HR-03", 1003, "x")]).sounded_ms == math.inf
        later = [(2100, 2105, "MEDIUM")]
        assert self.fate([entry("AL-HR-03", 1003, "x")], later).sounded_ms == math.inf

    def test_a_hidden_alarm_is_only_recorded(self):
        found = self.fate([entry("AL-HR-03", 1003, "x", suppressed="AL-HR-02")])
        assert (found.drawn_ms, found.sounded_ms, found.worst_ms) == (None, None, 12.0)

    @pytest.mark.parametrize(
        ("asked_ms", "urgency", "own_burst"),
        [
            (500, "MEDIUM", False),  # 0.9 s: it plays until 1400
            (50, "MEDIUM", True),
            (500, "LOW", True),  # cut off
            (500, "HIGH", False),
            (500, "REMINDER", True),
        ],
    )
    def test_it_waits_for_a_burst_as_urgent(self, asked_ms, urgency, own_burst):
        bursts = [(asked_ms, asked_ms + 1, urgency), (1004, 1010, "MEDIUM")]
        found = self.fate([entry("AL-HR-03", 1003, "x")], bursts)
        assert found.sounded_ms == (10.0 if own_burst else None)

    @pytest.mark.parametrize(
        ("state", "sounds"),
        [("ACTIVE", False), ("LATCHED", False), ("ACTIVE_ACK", True), ("IDLE", True), ("PENDING", True)],
    )
    def test_only_the_most_urgent_sounds(self, state, sounds):
        high = entry("AL-HR-02", 200, "y", priority=Priority.HIGH, to_state=state)
        found = self.fate([high, entry("AL-HR-03", 1003, "x")], [(1004, 1005, "MEDIUM")])
        assert (found.sounded_ms is not None) is sounds

    def test_a_condition_begins_once_and_counts_its_delay_from_the_number(self):
        numbers = [Heard("HR", v, *ms(t - 5, t)) for t, v in ((0, 75), (1000, 125), (2000, 130), (3000, 75))]
        numbers += [Heard("HR", 151, *ms(3995, 4000)), Heard("RR", 45, *ms(0, 1))]
        dues = due_alarms(numbers, 0, 10 * NS_PER_S)
        assert [(due.rule, due.met_ns) for due in dues if due.rule.number == "HR"] == [
            (HR_03, 1300 * NS_PER_MS),
            (HR_02, 4000 * NS_PER_MS),
            (HR_03, 4300 * NS_PER_MS),
        ]
        assert due_alarms(numbers, 2 * NS_PER_S, 3 * NS_PER_S) == []

    def test_a_number_is_found_where_it_was_sent_last(self):
        sent = [(10, "HR", 75.0), (20, "RR", 15.0), (30, "HR", 75.0), (40, "HR", 90.0)]
        assert sent_at(sent, "HR", 75.0, 35) == 30
        assert sent_at(sent, "HR", 75.0, 45) is None
        assert sent_at(sent, "HR", 75.0, 5) is None


class TestNoise:
    def waits(self) -> Waits:
        waits = Waits()
        waits._at_ns = [0, 100, 200]
        waits._ran_ns = [0, 50, 100]
        waits._waited_ns = [0, 0, 100]
        return waits

    def test_waiting_lies_between_the_samples(self):
        assert self.waits().waited_ns(0, 200) == 100
        assert self.waits().waited_ns(100, 150) == 50
        assert self.waits().waited_ns(0, 100) == 0
        assert self.waits().waited_ns(150, 1000) == 50

    def test_slowed_is_one_where_nobody_waited(self):
        assert self.waits().slowed(0, 100) == 1.0
        assert self.waits().slowed(0, 200) == 2.0
        assert self.waits().share(0, 200) == 0.5

    def test_without_samples_nobody_waited(self):
        assert Waits().waited_ns(0, 100) == 0
        assert Waits().slowed(0, 100) == 1.0

    def test_it_runs(self):
        waits = Waits()
        waits.start("MainThread", "nobody")
        waits.stop()
        assert waits.slowed(0, 1) >= 1.0
        assert waits.share(0, 1) >= 0


class TestCrowd:
    def test_it_says_how_long_something_waited(self, tmp_path):
        pressure = tmp_path / "cpu"
        pressure.write_text("some avg10=1.00 avg60=1.00 avg300=1.00 total=1000000\nfull total=7\n")
        crowd = Crowd(pressure)
        pressure.write_text("some avg10=1.00 avg60=1.00 avg300=1.00 total=1000000\nfull total=9\n")
        figure = crowd.figure()
        assert (figure.value, figure.ok) == (0.0, None)
        pressure.write_text("some avg10=1.00 avg60=1.00 avg300=1.00 total=1500000\n")
        assert crowd.figure().value > 1000  # half a second of waiting in some milliseconds

    @pytest.mark.parametrize("text", [None, "", "nothing of that kind"])
    def test_a_system_that_does_not_tell_has_no_row(self, tmp_path, text):
        if text is not None:
            (tmp_path / "cpu").write_text(text)
        assert Crowd(tmp_path / "cpu").figure() is None


class TestFrames:
    def of(self, at_ms, until_ms: int) -> Frames:
        return Frames.of(ms(*at_ms), (0, until_ms * NS_PER_MS), Waits())

    def test_the_worst_second_and_the_longest_wait_count(self):
        frames = self.of([*range(0, 1000, 50), *range(1000, 2000, 100), *range(2000, 3001, 25)], 3000)
        assert frames.counts == (20, 10, 40)
        assert (frames.worst, frames.longest_ms) == (10, 100.0)

    def test_a_still_picture_is_no_frame_rate(self):
        frames = self.of([], 2500)
        assert (frames.counts, frames.worst, frames.longest_ms) == ((0, 0), 0, 2500.0)

    def test_a_second_without_a_frame_counts(self):
        assert self.of([0, 2500, 4000], 3000).counts == (1, 0, 1)


class TestParts:
    def names(self, tmp_path: Path, qapp, *named: str) -> list[str]:
        return [name for name, _ in bench_command.parts(qapp, tmp_path, quick=True, named=named)]

    def test_the_storm_stands_for_one_alarm_where_there_are_pseudo_terminals(
        self, tmp_path, qapp, monkeypatch
    ):
        assert "storm" in self.names(tmp_path, qapp)
        assert "alarm" not in self.names(tmp_path, qapp)
        assert "alarm" in self.names(tmp_path, qapp, "alarm")
        monkeypatch.setattr(bench_command, "can_emulate", lambda: False)
        assert "storm" not in self.names(tmp_path, qapp)
        assert "alarm" in self.names(tmp_path, qapp)

    def test_parts_are_chosen_by_name_in_their_order(self):
        found = [(name, list) for name in ("sweep", "decode", "storm")]
        assert [name for name, _ in bench_command.chosen(found, ["storm", "sweep"])] == ["sweep", "storm"]
        assert bench_command.chosen(found, []) == found

    def test_a_part_there_is_not_is_said_in_one_sentence(self):
        with pytest.raises(ConfigError, match="no part strom here; choose from sweep, storm"):
            bench_command.chosen([("sweep", list), ("storm", list)], ["strom"])
