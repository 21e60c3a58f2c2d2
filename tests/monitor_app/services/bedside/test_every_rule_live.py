"""Every alarm rule of clinical.md §6 is told its facts at a real bedside: each is brought about and announced."""

import pytest

from monitor_app.core.alarm.catalogue import RULES
from tests.monitor_app.services.bedside import live_work_rules
from tests.monitor_app.services.bedside.live_rules import COURSES

assert live_work_rules.COURSES is COURSES  # both modules fill the same table


@pytest.mark.parametrize("rules", COURSES)
def test_it_is_announced(rules: str) -> None:
    bench = COURSES[rules]()
    silent = [rule for rule in rules.split() if not bench.announced(rule)]
    assert silent == [], sorted(bench.standing())


def test_no_rule_of_the_catalogue_is_left_out() -> None:
    shown = {rule for rules in COURSES for rule in rules.split()}
    assert shown == {rule.id for rule in RULES}
