"""The beats of a recording, as the live detector finds them (design.md §7, ``beats``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from devices.errors import KnownError
from devices.recordings.loader import load_recording
from devices.recordings.recording import FloatArray, Recording, RecordingError, Wave, wave_name
from devices.recordings.wfdb_record import read_header
from monitor_app.processing.beats import Beat, BeatDetector

CHUNK_S = 0.04
"""What a monitor's line brings at a time, roughly; the detector finds the same beats in any pieces."""
LEAD_PREFERENCE = ("ECG_II", "ECG_I", "ECG_III", "ECG_V")
"""The lead read where nobody names one (clinical.md §8.1: default II)."""

_MILLIVOLT = "mv"
_WFDB_PARTS = frozenset({".hea", ".dat", ".mat", ".atr"})


@dataclass(frozen=True, slots=True)
class FoundBeats:
    """R peaks by sample number of the channel, each with its quality 0-1; ``channel`` as the recording calls it."""

    rate_hz: float
    channel: str
    beats: tuple[Beat, ...]


def find_beats(record: Path, channel: str | None = None) -> FoundBeats:
    """Feed one ECG channel of a recording to the live detector.

    :raises RecordingError: the recording cannot be read.
    :raises KnownError: it has no such channel, no ECG, or a rate the detector is not made for.
    """
    recording = load_recording(record)
    labels = channel_labels(record, recording)
    name = _channel(recording, labels, channel)
    return FoundBeats(recording.waves[name].rate_hz, labels[name], tuple(detect(recording.waves[name])))


def detect(wave: Wave, chunk_s: float = CHUNK_S) -> list[Beat]:
    """Return the beats of a whole wave, fed in pieces. Raises KnownError for a rate outside 100 to 1000 Hz."""
    try:
        detector = BeatDetector(wave.rate_hz, scale_is_mv=wave.unit.lower() == _MILLIVOLT)
    except ValueError as error:
        raise KnownError(f"This channel cannot be searched for beats: {error}.") from error
    step = max(1, round(chunk_s * wave.rate_hz))
    samples = _millivolts(wave)
    beats: list[Beat] = []
    for start in range(0, samples.size, step):
        beats += detector.feed(samples[start : start + step], start)
    return beats + detector.flush()


def ecg_channel(recording: Recording) -> str | None:
    """Return the ECG wave to read where nobody names one; None when there is none."""
    leads = [name for name in LEAD_PREFERENCE if name in recording.waves]
    leads += [name for name in recording.waves if name.startswith("ECG")]
    return leads[0] if leads else None


def channel_labels(record: Path, recording: Recording) -> Mapping[str, str]:
    """Return what the recording's own header calls each wave; our name where that is not known."""
    labels: dict[str, str] = {}
    header = record.with_suffix(".hea") if record.suffix.lower() in _WFDB_PARTS else Path(f"{record}.hea")
    if header.is_file():
        for spec in read_header(header).signals:
            name = wave_name(spec.label)
            labels.setdefault(spec.label if name in labels else name, spec.label)
    return {name: labels.get(name, name) for name in recording.waves}


def _channel(recording: Recording, labels: Mapping[str, str], wanted: str | None) -> str:
    if wanted is None:
        found = ecg_channel(recording)
        if found is None:
            raise RecordingError(f"{recording.name} has no ECG: {_choices(labels)}.")
        return found
    for name, label in labels.items():
        if wanted.strip().lower() in {name.lower(), label.lower()}:
            return name
    ours = wave_name(wanted)
    if ours in recording.waves:
        return ours
    raise KnownError(f"{recording.name} has no channel '{wanted}': {_choices(labels)}.")


def _choices(labels: Mapping[str, str]) -> str:
    return (
        f"choose one of {', '.join(labels.values())} with --channel" if labels else "it holds no waves at all"
    )


def _millivolts(wave: Wave) -> FloatArray:
    # The detector's absolute floor needs millivolts; other units are taken as relative.
    return wave.samples * {"uv": 1e-3, "v": 1e3}.get(wave.unit.lower(), 1.0)
