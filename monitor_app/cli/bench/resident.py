"""What this process holds of the memory."""

import sys
from pathlib import Path


def resident_mb() -> float:
    """Memory this process holds now; where the system does not say, the most it ever held."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(text for text in status.read_text().splitlines() if text.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024 / 1e6
    import resource  # noqa: PLC0415 - not on every system

    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e6
