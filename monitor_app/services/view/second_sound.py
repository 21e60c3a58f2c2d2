"""The second sound output in words: what can be chosen, and why nothing can be heard on it (clinical.md §5.4)."""

from monitor_app.core.stamp import Actor
from monitor_app.services.bedside.publication import BedsideState
from monitor_app.services.bedside.second_sound import none_refused
from monitor_app.services.states_view import SecondSoundChoices

NOT_CONNECTED = "not connected"
NO_SOUND = "no sound"
"""Whatever else is wrong with it; the sentence beside says what."""


def reason(choices: SecondSoundChoices) -> str:
    """Return in two words why nothing can be heard there; empty while all is well."""
    missing = choices.trouble.endswith(f"is {NOT_CONNECTED}.")
    return (NOT_CONNECTED if missing else NO_SOUND) if choices.trouble else ""


def second_sound_choices(state: BedsideState, user: Actor) -> SecondSoundChoices:
    """What this person may choose; an output that is chosen and not there stands last, so that it can be seen."""
    now = state.alarm_system.second_sound
    there = any(output.key == now.output.key for output in now.outputs)
    missing = (now.output,) if now.output.chosen and not there else ()
    trouble = f"{now.trouble[:1].upper()}{now.trouble[1:]}." if now.trouble else ""
    return SecondSoundChoices(
        chosen=now.output,
        outputs=(*now.outputs, *missing),
        trouble=trouble,
        none_refusal=none_refused(state.visit, user) if now.output.chosen else "",
    )
