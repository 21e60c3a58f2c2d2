"""The two pages, made short and without peers; and what is said when something is missing."""

from types import SimpleNamespace

import numpy as np
import pytest

from devices.errors import KnownError
from monitor_app.services.evidence import peers as peers_module
from monitor_app.services.evidence.beats_report import core_share
from monitor_app.services.evidence.noise import mixed, motion_noise
from monitor_app.services.evidence.peers import Peer, load_peers
from monitor_app.services.evidence.records import AnnotatedEcg, annotated_records
from monitor_app.services.evidence.run import ALARMS_PAGE, BEATS_PAGE, write_evidence


@pytest.fixture
def small_data(shared_data, tmp_path):
    """Two annotated records and one challenge alarm of the recordings."""
    folder = tmp_path / "data"
    for name in ("mitdb/100", "mitdb/222", "cinc2015/t116s"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        for part in (shared_data / name).parent.glob(f"{(shared_data / name).name}.*"):
            (folder / name).with_suffix(part.suffix).symlink_to(part)
    return folder


def test_both_pages_are_written(small_data, tmp_path):
    none = Peer("Nobody", "a program that finds nothing", lambda _wave, _rate: [])
    said = []
    pages = write_evidence(small_data, tmp_path / "new", (none,), say=said.append, seconds=20, workers=1)
    assert [p.name for p in pages] == [BEATS_PAGE, ALARMS_PAGE]
    beats, alarms = (p.read_text(encoding="utf-8") for p in pages)
    rows = [line for line in beats.splitlines() if line.startswith(("| 100 ", "| 222 ", "| gross "))]
    assert len(rows) == 3
    assert all(len(row.split("|")) == 2 + 2 + 2 * 5 for row in rows)
    assert "**100.000**" in rows[-1] or "**99" in rows[-1]
    assert rows[-1].rstrip(" |").endswith("**0.000**")  # Nobody's gross F1
    assert "a program that finds nothing" in beats
    for lead in ("I", "V"):
        assert f"| t116s | {lead} | tachycardia | false | not raised |" in alarms
    assert "| 100 | V |" in alarms
    assert "| clean | 2 | 0 | none |" in alarms
    assert "| 6 | 2 | 0 | none |" in alarms
    assert len(said) == 3


def test_the_noise_has_the_ratio_it_is_named_for():
    rng = np.random.default_rng(1)
    noise = motion_noise(36_000, 360.0, rng)
    assert noise.std() == pytest.approx(1.0)
    wave = np.zeros(36_000)
    beats = tuple(range(400, 35_000, 300))
    for beat in beats:
        wave[beat] = 2.0
    added = mixed(wave, noise, beats, 360.0, snr_db=6.0) - wave
    assert 10 * np.log10((2.0**2 / 8) / added.var()) == pytest.approx(6.0, abs=0.01)


def test_live_ecg_at_500_hz_takes_a_twentieth_of_a_core_at_most(shared_data):
    ecg = next(annotated_records(shared_data))
    assert core_share(ecg, 20.0) <= 0.05


def test_the_first_part_of_a_record():
    ecg = AnnotatedEcg("x", 100.0, np.zeros(1000), (50, 499, 500, 900))
    part = ecg.first(5)
    assert (part.samples.size, part.beats) == (500, (50, 499))
    assert ecg.first(None) is ecg


def test_a_missing_peer_is_named_in_one_sentence(monkeypatch):
    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(peers_module.importlib, "import_module", absent)
    with pytest.raises(
        KnownError, match=r"^wfdb is not installed here: run make evidence, which brings it\.$"
    ):
        load_peers()


def neurokit_like():
    """A module of the same shape that finds two beats, out of order."""
    return SimpleNamespace(
        __version__="9",
        ecg_clean=lambda samples, **_: samples,
        ecg_peaks=lambda _samples, **_: (None, {"ECG_R_Peaks": np.array([7, 3])}),
    )


def test_both_peers_are_asked_as_their_makers_ask_them(monkeypatch):
    real = peers_module._module
    monkeypatch.setattr(peers_module, "_module", lambda n: neurokit_like() if n == "neurokit2" else real(n))
    xqrs, neurokit = load_peers()
    t = np.arange(20 * 250) / 250
    wave = sum(np.exp(-0.5 * ((t - at) / 0.012) ** 2) for at in np.arange(0.5, 19.5, 0.8))
    found = xqrs.find(wave, 250.0)
    assert found
    assert all(min(abs(f / 250 - at) for at in np.arange(0.5, 19.5, 0.8)) < 0.05 for f in found)
    assert neurokit.find(wave, 250.0) == [3, 7]


def test_a_folder_without_recordings_is_named(tmp_path):
    with pytest.raises(KnownError, match="name the folder that holds mitdb with --data"):
        list(annotated_records(tmp_path))
