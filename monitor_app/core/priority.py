"""How urgent an alarm is, and what kind of thing it tells of (clinical.md §5.1)."""

from enum import Enum


class Priority(Enum):
    """Alarm priority. ``INFO`` is a line on the screen, never an alarm signal."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"
    INFO = "INFO"

    @property
    def rank(self) -> int:
        """Greater is more urgent: HIGH 3 … INFO 0."""
        return ("INFO", "LOW", "MEDIUM", "HIGH").index(self.value)


class AlarmClass(Enum):
    """Where an alarm comes from: the patient, the equipment or software, or a task not done."""

    PHYSIOLOGICAL = "physiological"
    TECHNICAL = "technical"
    WORKFLOW = "workflow"
