"""An alarm's condition in words: its worst value and limit, how it stands now, that it is over (clinical.md §5.2).

The words of an alarm do not turn into a normal value while it still flashes: the worst value with its limit stays in
front, and what is measured now stands behind it.
"""

import re

from monitor_app.core.alarm.engine import Condition
from monitor_app.core.alarm.state import AlarmState
from monitor_app.services.view.wording import said

SILENT = "Monitor silent"
CALL_HELP = " · CALL HELP"
"""Said of a HIGH alarm that nobody has acknowledged for 60 s (clinical.md §5.4)."""
_ARROW = re.compile("[↑↓]")
_INSIDE = "(limit "
"""How a comparison writes a value that is back at its limit but not yet past its hysteresis."""
_VALUE = re.compile(r"(?P<label>\D*?) ?[↑↓]?(?P<figure>\d+(?:\.\d+)?)")


def is_silent(rule_id: str) -> bool:
    """Whether the rule is the one of a monitor that says nothing."""
    return rule_id.startswith("TE-09")


def name_of(condition: Condition) -> str:
    """What it is about: the worst value with its limit, or its words where there is no figure."""
    if is_silent(condition.rule.id):
        return SILENT
    worst = said(condition.worst_text)
    keeps = condition.state is AlarmState.LATCHED or _eases(condition) or _offends(worst)
    return (worst if keeps else "") or said(condition.text) or worst or said(condition.rule.title)


def headline(condition: Condition, *, call_help: bool = False) -> str:
    """The condition as it is read across the room: what it is, then how it stands now, or that it is over."""
    name = name_of(condition)
    if condition.state is AlarmState.LATCHED and not condition.returned:
        return _over(name)
    return name + (CALL_HELP if call_help else "") + (_easing(condition) if _eases(condition) else "")


def value_now(condition: Condition) -> str:
    """``now 88`` while the value is beyond its limit but was worse; empty where the headline says it."""
    name, text = name_of(condition), said(condition.text)
    if condition.state is AlarmState.LATCHED or _eases(condition) or text == name or not _offends(text):
        return ""
    return f"now {_value(text, name)}"


def arrow_now(condition: Condition) -> str:
    """The arrow at a value that is beyond its limit now; empty once it is back."""
    if condition.state is AlarmState.LATCHED:
        return _arrow(condition.worst_text or condition.text) if condition.returned else ""
    return "" if _eases(condition) or not _offends(condition.text) else _arrow(condition.text)


def _arrow(text: str) -> str:
    found = _ARROW.search(text)
    return found.group() if found else ""


def _offends(text: str) -> bool:
    return bool(_arrow(text)) and _INSIDE not in text


def _eases(condition: Condition) -> bool:
    """Whether it is still announced though the value is no longer beyond its limit."""
    if not condition.state.running or is_silent(condition.rule.id):
        return False
    return condition.clearing or (_offends(condition.worst_text) and not _offends(condition.text))


def _easing(condition: Condition) -> str:
    value = _value(said(condition.text), said(condition.worst_text))
    told = f"now {value}" if value else ""
    return " · " + ", ".join(part for part in (told, "clearing" if condition.clearing else "") if part)


def _value(text: str, beside: str) -> str:
    """The figure of a comparison; its sign as well where the text beside it is of another one."""
    found, other = _VALUE.match(text), _VALUE.match(beside)
    if found is None:
        return text[:1].lower() + text[1:]
    same = other is not None and other["label"] == found["label"]
    return found["figure"] if same else f"{found['label']} {found['figure']}"


def _over(name: str) -> str:
    """``OVER · SpO₂ was ↓79 < 85``."""
    arrow = _ARROW.search(name)
    if arrow is None:
        return f"OVER · {name}"
    return f"OVER · {name[: arrow.start()]}was {name[arrow.start() :]}"
