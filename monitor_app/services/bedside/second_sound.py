"""The second sound output of the chair, for HIGH alarms nobody answers: chosen, tried, told about (clinical.md §5.4).

Anybody who acts at the chair chooses it, as they choose the volume: it takes nothing away. To have none while a patient is
monitored takes a warning away, and is for the clinical lead, as switching the sound off is (clinical.md §5.5).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from monitor_app.core.alarm.system_state import LEAD
from monitor_app.core.alarm_commands import ChooseSecondSound, TrySecondSound
from monitor_app.core.journal import JournalEntry, SystemEntry
from monitor_app.core.priority import Priority
from monitor_app.core.sound_output import PlayedOn, SoundOutput
from monitor_app.core.stamp import Actor, Stamp
from monitor_app.core.visit.refusal import not_acting
from monitor_app.core.visit.state import Visit
from monitor_app.services.bedside.alarm_system_desk import Asker
from monitor_app.services.bedside.alarms import AlarmDesk
from monitor_app.services.bedside.publication import SecondSoundView
from monitor_app.services.ports import Sounder

SECOND_SOUND_CODE = "SECOND_SOUND"
LEAD_ONLY = "Only the clinical lead can do without the second output now."
NONE_CHOSEN = "There is no second alarm sound to try: choose its output first."
ALARM_SOUNDS = "An alarm waits to be acknowledged: the second alarm sound is tried when none does."


class SecondSoundDesk:
    """Answers ``ChooseSecondSound`` and ``TrySecondSound``. Bedside thread only. Whoever looks on keeps the choice."""

    def __init__(
        self,
        sounder: Sounder,
        chosen: SoundOutput,
        *,
        alarms: AlarmDesk,
        visit: Callable[[], Visit],
        record: Callable[[JournalEntry], None],
        stamp: Callable[[int], Stamp],
    ) -> None:
        self._sounder = sounder
        self._alarms = alarms
        self._visit = visit
        self._record = record
        self._stamp = stamp
        self._sounder.use_second(chosen)
        self.askers: Mapping[type, Asker] = MappingProxyType(
            {ChooseSecondSound: self._choose, TrySecondSound: self._try}
        )

    @property
    def view(self) -> SecondSoundView:
        """What the screen shows of it."""
        sounder = self._sounder
        return SecondSoundView(sounder.second, sounder.second_trouble, sounder.other_outputs)

    def _choose(self, command: ChooseSecondSound, t_ns: int) -> tuple[str, ...]:
        output, before = command.output, self._sounder.second
        if refused := not_acting(self._visit(), command.by):
            return (refused,)
        if output.key == before.key:
            return ()
        if not output.chosen and (refused := none_refused(self._visit(), command.by)):
            return (refused,)
        if output.chosen and output not in self._sounder.other_outputs:
            return (f"The sound output {output.name} is not there, or is the first one: choose another.",)
        self._sounder.use_second(output)
        text = f"second alarm sound: {output.name}" if output.chosen else "no second alarm sound"
        fields = {"output": output.name, "key": output.key, "by": command.by.name}
        self._record(SystemEntry(self._stamp(t_ns), SECOND_SOUND_CODE, text, fields))
        return ()

    def _try(self, command: TrySecondSound, t_ns: int) -> tuple[str, ...]:
        if refused := not_acting(self._visit(), command.by):
            return (refused,)
        if not self._sounder.second.chosen:
            return (NONE_CHOSEN,)
        if trouble := self._sounder.second_trouble:
            return (f"It cannot be heard: {trouble}.",)
        played = self._alarms.demonstrate(Priority.HIGH.value, t_ns, on=PlayedOn.SECOND)
        return () if played else (ALARM_SOUNDS,)


def none_refused(visit: Visit, by: Actor) -> str:
    """Say why this person may not choose to have none now; empty where they may."""
    return LEAD_ONLY if visit.phase.monitoring and by.role != LEAD else ""
