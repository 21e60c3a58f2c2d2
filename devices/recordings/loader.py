"""Open a recording by whatever part of it a person names."""

from pathlib import Path

from devices.recordings.csv_signals import NUMERICS_SUFFIX, SIGNALS_SUFFIX, read_csv_signals
from devices.recordings.recording import Recording, RecordingError
from devices.recordings.wfdb_record import read_wfdb

_WFDB_PARTS = {".hea", ".dat", ".mat", ".atr"}


def load_recording(path: str | Path) -> Recording:
    """Read a WFDB record or a CSV of signals. Raises ``RecordingError``.

    ``path`` may be a record name without suffix (``mitdb/100``), its header, signal or annotation file, or a CSV (of
    waves, or the numbers beside them).
    """
    path = Path(path)
    if path.suffix.lower() == ".csv":
        return read_csv_signals(_signals_csv(path))
    if path.suffix.lower() in _WFDB_PARTS:
        return read_wfdb(_header_of(path))
    header, signals = Path(f"{path}.hea"), Path(f"{path}{SIGNALS_SUFFIX}")
    if header.is_file():
        return read_wfdb(header)
    if signals.is_file():
        return read_csv_signals(signals)
    if path.is_file():
        raise RecordingError(
            f"{path} is no recording that can be read: give a WFDB record (.hea) or a CSV of signals."
        )
    raise RecordingError(f"There is no recording {path}: give a WFDB record (.hea) or a CSV of signals.")


def _signals_csv(path: Path) -> Path:
    if path.name.endswith(NUMERICS_SUFFIX):
        path = path.with_name(path.name.removesuffix(NUMERICS_SUFFIX) + SIGNALS_SUFFIX)
    if not path.is_file():
        raise RecordingError(f"There is no file {path}: check its name.")
    return path


def _header_of(path: Path) -> Path:
    header = path.with_suffix(".hea")
    if header.is_file():
        return header
    if not path.parent.is_dir():
        raise RecordingError(f"There is no folder {path.parent}: check the recording's path.")
    # A signal file may serve a header of another name.
    for other in sorted(path.parent.glob("*.hea")):
        if path.name in other.read_text(encoding="utf-8", errors="replace"):
            return other
    raise RecordingError(
        f"There is no header {header.name} beside {path.name}: a WFDB record needs its .hea file."
    )
