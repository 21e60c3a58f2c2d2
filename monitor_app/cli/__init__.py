"""The ``chairside`` command (design.md §7): the contract by which other programs drive Chairside.

Exit status 0 done, 1 failed with one sentence on stderr, 2 wrong usage. A mistake of the user never gives a traceback;
a mistake of ours writes a report and says where.
"""

import logging
import os
import sys
from collections.abc import Sequence

from devices.errors import KnownError
from monitor_app.cli.parser import build_parser
from monitor_app.services.crash_report import write_crash_report


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    parser = build_parser()
    arguments = parser.parse_args(argv)
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
