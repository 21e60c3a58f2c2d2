"""``chairside beats``: the beats of a recording, as the live detector finds them."""

import argparse
from pathlib import Path

from monitor_app.cli.output import print_json, trimmed
from monitor_app.services.beats_run import FoundBeats, find_beats


def run_beats(arguments: argparse.Namespace) -> int:
    """Print each beat's sample number and quality. Raises KnownError."""
    found = find_beats(Path(arguments.record), arguments.channel)
    if arguments.json:
        print_json(
            {
                "fs_hz": trimmed(found.rate_hz),
                "channel": found.channel,
                "samples": [beat.sample for beat in found.beats],
                "quality": [trimmed(beat.quality, 3) for beat in found.beats],
            }
        )
    else:
        _print(found)
    return 0


def _print(found: FoundBeats) -> None:
    print(f"{len(found.beats)} beats in {found.channel} at {found.rate_hz:g} Hz")
    for beat in found.beats:
        print(f"{beat.sample / found.rate_hz:10.3f} s  sample {beat.sample:8}  quality {beat.quality:.2f}")
