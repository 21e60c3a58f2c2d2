"""A wave that stops tells nothing of now: its last rate must not stay on the screen."""

import numpy as np
import pytest

from devices.clock import NS_PER_S, ManualClock
from devices.signals import WaveChunk, WaveScale
from monitor_app.core.journal import WaveBlock
from monitor_app.services.bedside.publication import WaveShown
from monitor_app.services.bedside.waves import WavesDesk
from monitor_app.services.session_clock import SessionClock

RATE_HZ = 250.0
SCALE = WaveScale("mV", 0.01, 0.0, -250, 250)


class Chest:
    """A desk fed with an ECG of 75 beats a minute, a quarter of a second at a time."""

    def __init__(self) -> None:
        self.shown: list[WaveShown] = []
        self.kept: list[object] = []
        self.desk = WavesDesk(SessionClock(ManualClock()), self.shown.append, self.kept.append)
        self.desk.add_source("m", ("ECG_I", "ECG_II", "PLETH"))
        self.t_ns = 0
        self.sample = 0

    def feed(self, seconds: float) -> None:
        for _ in range(round(seconds * 4)):
            count = 62 if self.sample % 125 == 0 else 63
            at_s = np.arange(self.sample, self.sample + count) / RATE_HZ % 0.8
            counts = np.rint(100 * np.exp(-0.5 * ((at_s - 0.4) / 0.012) ** 2)).astype(np.int32)
            self.t_ns += NS_PER_S // 4
            for name in ("ECG_I", "ECG_II"):
                self.desk.chunk("m", WaveChunk(name, RATE_HZ, self.sample, counts, SCALE), self.t_ns)
            self.sample += count
            if self.t_ns % NS_PER_S == 0:
                self.desk.second(self.t_ns)


def test_the_rate_of_a_wave_that_stopped_is_gone_after_a_second_and_stays_gone() -> None:
    chest = Chest()
    chest.feed(15)
    assert chest.desk.own_rate(chest.t_ns).value == pytest.approx(75, abs=1)
    # The cable is out. Link and clock go on: each second is asked for, each report of the link is heard.
    for second in range(1, 31):
        t_ns = chest.t_ns + second * NS_PER_S
        chest.desk.second(t_ns)
        if second % 5 == 0:
            chest.desk.source_lost("m")
        if second > 1:
            own = chest.desk.own_rate(t_ns)
            assert own.value is None
            assert own.t_ns <= chest.t_ns, "it was refreshed when the wave last came"


def test_every_lead_is_kept_and_only_the_chosen_one_is_drawn() -> None:
    chest = Chest()
    chest.feed(1)
    assert {b.name for b in chest.kept if isinstance(b, WaveBlock)} == {"ECG_I", "ECG_II"}
    assert {s.name for s in chest.shown} == {"ECG_II"}


def test_the_same_wave_of_a_second_monitor_is_kept_and_not_drawn_into_the_first() -> None:
    shown: list[WaveShown] = []
    kept: list[object] = []
    desk = WavesDesk(SessionClock(ManualClock()), shown.append, kept.append)
    for source in ("a", "b"):
        desk.add_source(source, ("PLETH", "RESP"))
    samples = np.arange(25, dtype=np.int32)
    for source in ("b", "a"):
        for name in ("PLETH", "RESP"):
            desk.chunk(source, WaveChunk(name, 50.0, 0, samples, SCALE), NS_PER_S // 2)
    assert {(s.source, s.name) for s in shown} == {("a", "PLETH"), ("a", "RESP")}
    assert {b.source for b in kept if isinstance(b, WaveBlock)} == {"a", "b"}


class TwoChests:
    """Two monitors with an ECG each: 75 beats a minute at 250 Hz on the one, 100 at 300 Hz on the other."""

    def __init__(self) -> None:
        self.shown: list[WaveShown] = []
        self.kept: list[object] = []
        self.desk = WavesDesk(SessionClock(ManualClock()), self.shown.append, self.kept.append)
        for source in ("a", "b"):
            self.desk.add_source(source, ("ECG_II",))
        self.t_ns = 0
        self.lead_off: set[str] = set()
        self.switches: list[str] = []

    def feed(self, seconds: int, *sources: str) -> None:
        for _ in range(seconds):
            second = self.t_ns // NS_PER_S
            self.t_ns += NS_PER_S
            for source in sources:
                rate_hz, every_s = {"a": (250.0, 0.8), "b": (300.0, 0.6)}[source]
                first = round(second * rate_hz)
                at_s = np.arange(first, first + int(rate_hz)) / rate_hz % every_s
                counts = np.rint(100 * np.exp(-0.5 * ((at_s - 0.3) / 0.012) ** 2)).astype(np.int32)
                self.desk.chunk(source, WaveChunk("ECG_II", rate_hz, first, counts, SCALE), self.t_ns)
            found = self.desk.rank(self.t_ns, lambda s, _: "ECG lead off" if s in self.lead_off else "")
            self.switches += [f"{s.after[0]}: {s.why}" for s in found]
            self.desk.second(self.t_ns)

    def rate(self) -> float | None:
        return self.desk.own_rate(self.t_ns).value


def test_beats_are_read_from_the_monitor_that_serves() -> None:
    chests = TwoChests()
    chests.feed(20, "a", "b")
    assert chests.desk.lead_source == "a"
    assert chests.rate() == pytest.approx(75, abs=1)
    chests.desk.source_lost("a")
    chests.shown.clear()
    chests.feed(1, "b")
    chests.feed(14, "b")
    assert chests.desk.lead_source == "b"
    assert chests.rate() == pytest.approx(100, abs=1)
    assert {s.source for s in chests.shown} == {"b"}
    assert chests.switches == ["b: connection lost"]
    assert {b.source for b in chests.kept if isinstance(b, WaveBlock)} == {"a", "b"}


def test_a_switch_is_no_asystole() -> None:
    """What the new trace has not shown yet is not silence of the heart: it counts from where the trace begins."""
    chests = TwoChests()
    chests.feed(20, "a", "b")
    chests.lead_off.add("a")
    for _ in range(8):
        chests.feed(1, "a", "b")
        beats = chests.desk.ecg.facts(chests.t_ns, 140.0, 40.0)
        assert beats is not None
        assert beats.last_beat_t_ns is not None
        silent_from = max(beats.last_beat_t_ns, beats.signal_since_t_ns or chests.t_ns)
        assert chests.t_ns - silent_from < 4 * NS_PER_S
    assert chests.desk.lead_source == "b"
    assert chests.switches == ["b: ECG lead off"]
