"""The monitors a clinic has described in files of its own, kept beside its settings (docs/describing-a-monitor.md)."""

from pathlib import Path

from devices.registry import FILE_SCHEME

FOLDER = "monitors"


def described_ids(data_dir: Path) -> tuple[str, ...]:
    """Return ``file:PATH`` of each description in the clinic's folder, sorted; none is read for it."""
    return tuple(
        f"{FILE_SCHEME}{path}" for path in sorted((data_dir / FOLDER).glob("*.toml")) if path.is_file()
    )
