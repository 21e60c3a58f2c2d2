"""Which recordings the evidence is taken from: whatever lies in the folder, none by name."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from devices.errors import KnownError
from devices.recordings.loader import load_recording
from devices.recordings.recording import FloatArray, Recording

ANNOTATED = "mitdb"
"""Sub-folder of records whose beats an expert marked (.atr beside the signal)."""
CHALLENGE = "cinc2015"
"""Sub-folder of records that end with a monitor's alarm, judged true or false by experts."""


@dataclass(frozen=True, slots=True, eq=False)
class AnnotatedEcg:
    """First channel of a record in millivolts, shape (n,), with the sample numbers of its annotated beats."""

    name: str
    rate_hz: float
    samples: FloatArray
    beats: tuple[int, ...]

    def first(self, seconds: float | None) -> "AnnotatedEcg":
        """Return the beginning of the record; all of it for None."""
        if seconds is None:
            return self
        stop = round(seconds * self.rate_hz)
        return AnnotatedEcg(
            self.name, self.rate_hz, self.samples[:stop], tuple(b for b in self.beats if b < stop)
        )


def annotated_records(data: Path) -> Iterator[AnnotatedEcg]:
    """Yield every annotated ECG of the folder, in the order of names.

    :raises KnownError: there is none.
    """
    headers = [p for p in sorted((data / ANNOTATED).glob("*.hea")) if p.with_suffix(".atr").is_file()]
    if not headers:
        raise KnownError(
            f"There are no annotated records in {data / ANNOTATED}: name the folder that holds {ANNOTATED} with --data."
        )
    for header in headers:
        recording = load_recording(header)
        wave = next(iter(recording.waves.values()))
        beats_s = np.empty(0) if recording.beats_s is None else recording.beats_s
        beats = tuple(int(b) for b in np.rint(beats_s * wave.rate_hz))
        yield AnnotatedEcg(recording.name, wave.rate_hz, wave.samples, beats)


def annotated_leads(data: Path) -> Iterator[tuple[str, AnnotatedEcg]]:
    """Yield every ECG lead of every annotated record with the lead's name; the beats are the same in each."""
    for header in sorted((data / ANNOTATED).glob("*.hea")):
        if not header.with_suffix(".atr").is_file():
            continue
        recording = load_recording(header)
        beats_s = np.empty(0) if recording.beats_s is None else recording.beats_s
        for lead, wave in recording.waves.items():
            if lead.startswith("ECG"):
                beats = tuple(int(b) for b in np.rint(beats_s * wave.rate_hz))
                yield lead, AnnotatedEcg(recording.name, wave.rate_hz, wave.samples, beats)


def of_one_lead(recording: Recording, lead: str) -> Recording:
    """Return the recording with this ECG lead alone and everything that is no ECG."""
    waves = {n: w for n, w in recording.waves.items() if n == lead or not n.startswith("ECG")}
    return replace(recording, waves=waves)


@dataclass(frozen=True, slots=True, eq=False)
class ChallengeAlarm:
    """A recording that ends at, or 30 s after, a monitor's alarm at 5:00; ``kind`` and ``true`` as its header says."""

    name: str
    kind: str
    true: bool
    recording: Recording


def challenge_alarms(data: Path, kinds: frozenset[str]) -> Iterator[ChallengeAlarm]:
    """Yield the challenge records of these kinds of alarm (lower case), in the order of names."""
    for header in sorted((data / CHALLENGE).glob("*.hea")):
        recording = load_recording(header)
        notes = [note.strip().lower() for note in recording.notes]
        kind = next((note for note in notes if note in kinds), None)
        if kind is not None and {"true alarm", "false alarm"} & set(notes):
            yield ChallengeAlarm(recording.name, kind, "true alarm" in notes, recording)
