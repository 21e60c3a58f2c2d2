"""``chairside evidence``: beats and rate alarms measured on annotated recordings, beside other programs."""

import argparse
import sys

from monitor_app.services.evidence.peers import load_peers
from monitor_app.services.evidence.run import DEFAULT_DATA, DEFAULT_OUT, write_evidence


def run_evidence(arguments: argparse.Namespace) -> int:
    """Measure and write the pages. Raises KnownError."""
    peers = load_peers()
    pages = write_evidence(
        arguments.data or DEFAULT_DATA,
        arguments.out or DEFAULT_OUT,
        peers,
        seconds=arguments.first,
        say=lambda text: print(text, file=sys.stderr, flush=True),
    )
    for page in pages:
        print(page)
    return 0
