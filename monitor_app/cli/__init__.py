"""The ``chairside`` command (design.md §7): the contract by which other programs drive Chairside.

Exit status 0 done, 1 failed with one sentence on stderr, 2 wrong usage. A mistake of the user never gives a traceback;
a mistake of ours writes a report and says where.
"""

from collections.abc import Sequence

from monitor_app.cli.stop_signal import leaving_at_once

with leaving_at_once():
    import argparse
    import logging
    import os
    import sys

    from devices.errors import KnownError
    from monitor_app.cli.loading import without_collector
    from monitor_app.cli.parser import build_parser
    from monitor_app.services.crash_report import write_crash_report


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    with without_collector():
        with leaving_at_once():
            arguments = build_parser().parse_args(argv)
        return run(arguments)


def run(arguments: argparse.Namespace) -> int:
    """Run what was typed and return its exit status."""
    logging.basicConfig(level=logging.ERROR, format="chairside: %(message)s", stream=sys.stderr)
    try:
        status: int = arguments.run(arguments)
    except KnownError as error:
        print(f"chairside: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 - the last door: whatever comes here is ours and gets a report
        return _report(error, str(arguments.command or "window"))
    return status


def _report(error: Exception, command: str) -> int:
    path = write_crash_report(error, command)
    where = f"a report was written to {path}" if path else f"and no report could be written ({error!r})"
    print(f"chairside: this is a fault of Chairside, not yours; {where}.", file=sys.stderr)
    return 1
