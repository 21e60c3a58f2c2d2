"""All alarm rules in force, in the order of clinical.md §6, and their default limits."""

from monitor_app.core.alarm.limits import Limits
from monitor_app.core.alarm.rule import Rule
from monitor_app.core.alarm.rules_computer import COMPUTER_RULES
from monitor_app.core.alarm.rules_heart_rate import HEART_RATE_RULES
from monitor_app.core.alarm.rules_pressure_course import PRESSURE_RULES
from monitor_app.core.alarm.rules_respiration import RESPIRATION_RULES
from monitor_app.core.alarm.rules_saturation import SATURATION_RULES
from monitor_app.core.alarm.rules_sensor import SENSOR_RULES
from monitor_app.core.alarm.rules_signal import SIGNAL_RULES
from monitor_app.core.alarm.rules_state import STATE_RULES
from monitor_app.core.alarm.rules_system import SYSTEM_RULES
from monitor_app.core.alarm.rules_workflow import WORKFLOW_RULES

RULES: tuple[Rule, ...] = (
    *HEART_RATE_RULES,
    *PRESSURE_RULES,
    *SATURATION_RULES,
    *RESPIRATION_RULES,
    *STATE_RULES,
    *SENSOR_RULES,
    *SIGNAL_RULES,
    *SYSTEM_RULES,
    *COMPUTER_RULES,
    *WORKFLOW_RULES,
)
"""A rule that looks at another one (``Case.peer``) stands after it."""


def default_limits(rules: tuple[Rule, ...] = RULES) -> Limits:
    """Return the defaults of every parameter, the same in all phases."""
    return Limits({(rule.id, p.key): p.default for rule in rules for p in rule.parameters})
