"""The two databases: what happened to people, and what was simulated or replayed (design §3, §6)."""

from enum import Enum
from pathlib import Path

from devices.errors import RefusedError
from devices.signals import Provenance
from monitor_app.core.journal import DeviceEntry, JournalEntry, SessionOpened


class StoreKind(Enum):
    """Which database; the value is the name of its file."""

    CLINICAL = "clinical.db"
    TRAINING = "training.db"

    @property
    def simulated(self) -> bool:
        """Whether only simulated sessions may stand in it."""
        return self is StoreKind.TRAINING

    def path(self, data_dir: Path) -> Path:
        """Return where the database lies in a data directory."""
        return data_dir / self.value


def kind_for(*, simulated: bool) -> StoreKind:
    """Return the database a session belongs to."""
    return StoreKind.TRAINING if simulated else StoreKind.CLINICAL


def require_fitting(entry: JournalEntry, kind: StoreKind) -> None:
    """Raise RefusedError for a session or a device that belongs in the other database (clinical.md §6.6 TE-18)."""
    if isinstance(entry, SessionOpened) and entry.simulated is not kind.simulated:
        if entry.simulated:
            raise RefusedError(
                "a simulated session is never kept among clinical records: open it for training (nobody may override)"
            )
        raise RefusedError(
            "a session with a real patient is never kept among training records: open it as a clinical session "
            "(nobody may override)"
        )
    if not isinstance(entry, DeviceEntry):
        return
    if entry.provenance is Provenance.SIMULATED and not kind.simulated:
        raise RefusedError(
            f"{entry.source} is simulated or replayed and cannot take part in a clinical session: unplug it or open a "
            "training session (nobody may override)"
        )
    if entry.provenance is Provenance.REAL and kind.simulated:
        raise RefusedError(
            f"{entry.source} may be on a real patient and cannot take part in a training session: unplug it or open a "
            "clinical session (nobody may override)"
        )
