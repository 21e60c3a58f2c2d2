"""The ECG lead in use: what its beats say, how it is drawn, and what another lead takes over from it."""

import numpy as np
import pytest

from devices.clock import NS_PER_S
from devices.errors import KnownError
from devices.signals import WaveChunk, WaveScale
from monitor_app.core.alarm.facts import BeatFacts
from monitor_app.processing.filters import FilterMode, Mains
from monitor_app.services.bedside.ecg_lead import EcgLead
from monitor_app.services.bedside.placement import Placed

SCALE = WaveScale("mV", 0.01, 0.0, -250, 250)
LIMITS = 140.0, 50.0


def feed(
    lead: EcgLead, seconds: float, *, beats_per_min: float, from_s: float = 0.0, rate_hz: float = 250.0
) -> float:
    """Let the lead show this rate, a fifth of a second at a time; when it ends."""
    step = round(rate_hz / 5)
    for index in range(round(from_s * rate_hz), round((from_s + seconds) * rate_hz), step):
        at_s = (np.arange(index, index + step) / rate_hz) % (60 / beats_per_min)
        counts = np.rint(100 * np.exp(-0.5 * ((at_s - 0.2) / 0.012) ** 2)).astype(np.int32)
        chunk = WaveChunk("ECG_II", rate_hz, index, counts, SCALE)
        begins, ends = round(index * NS_PER_S / rate_hz), round((index + step) * NS_PER_S / rate_hz)
        lead.chunk(chunk, SCALE.physical(counts), Placed(index, begins, begins, 0), ends)
    lead.second(round((from_s + seconds) * NS_PER_S))
    return from_s + seconds


def beats(lead: EcgLead, at_s: float, limits: tuple[float, float] = LIMITS) -> BeatFacts:
    found = lead.facts(round(at_s * NS_PER_S), *limits)
    assert found is not None
    return found


def test_without_samples_nothing_is_said() -> None:
    lead = EcgLead()
    lead.second(NS_PER_S)
    assert lead.facts(NS_PER_S, *LIMITS) is None
    assert (lead.signal, lead.rate(NS_PER_S).value) == (None, None)


def test_a_run_of_fast_beats_grows_with_each_of_them_and_depends_on_the_limit() -> None:
    lead = EcgLead()
    at_s = feed(lead, 15, beats_per_min=150)
    before = beats(lead, at_s)
    assert lead.rate(round(at_s * NS_PER_S)).value == pytest.approx(150, abs=1)
    assert before.fast_run > 20
    assert before.slow_run == 0
    at_s = feed(lead, 4, beats_per_min=150, from_s=at_s)
    after = beats(lead, at_s)
    assert after.fast_run == pytest.approx(before.fast_run + 10, abs=1)
    assert beats(lead, at_s, (155.0, 50.0)).fast_run == 0
    assert beats(lead, at_s).fast_run == after.fast_run


def test_another_lead_begins_without_the_beats_of_the_old_one() -> None:
    lead = EcgLead()
    at_s = feed(lead, 15, beats_per_min=150)
    seen = lead.beats_seen
    lead.begin()
    lead.lost()
    assert lead.facts(round(at_s * NS_PER_S), *LIMITS) is None
    at_s = feed(lead, 15, beats_per_min=75, from_s=at_s)
    assert lead.beats_seen > seen
    assert beats(lead, at_s).fast_run == 0
    assert lead.rate(round(at_s * NS_PER_S)).value == pytest.approx(75, abs=1)


def test_a_band_the_samples_cannot_carry_is_refused_and_given_up_with_the_next_wave() -> None:
    lead = EcgLead()
    lead.set_filter(FilterMode.DIAGNOSTIC, Mains.HZ_50)  # nothing is known against it yet
    assert lead.filter == (FilterMode.DIAGNOSTIC, 50)
    feed(lead, 1, beats_per_min=75, rate_hz=100.0)
    assert FilterMode.DIAGNOSTIC not in lead.modes
    assert lead.filter == (FilterMode.MONITOR, 50)
    with pytest.raises(KnownError, match="too few samples"):
        lead.set_filter(FilterMode.DIAGNOSTIC, Mains.OFF)
    assert lead.filter == (FilterMode.MONITOR, 50)
