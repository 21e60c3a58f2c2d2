"""This patient's own limits over another preset (clinical.md §5.6)."""

import pytest

from devices.errors import RefusedError
from monitor_app.core.alarm.catalogue import default_limits
from monitor_app.core.alarm.limit_change import LimitChange, with_change
from monitor_app.core.alarm.limit_layers import patient_changes, rebased
from monitor_app.core.alarm.preset import InForce, Layer, Preset, merged
from monitor_app.core.phase import AlarmProfile

PRE, INF, REC = AlarmProfile.PRE, AlarmProfile.INF, AlarmProfile.REC
FACTORY = Preset("Factory", Layer.FACTORY, 2)
HR, SYS = ("AL-HR-03", "limit_per_min"), ("AL-BP-02", "systolic_mmhg")


def stack(
    table: dict[str, object] | None = None, locked: frozenset[tuple[str, str]] = frozenset()
) -> InForce:
    return merged([FACTORY, Preset("Pain", Layer.INDICATION, 1, table or {}, locked=locked)])


def test_nothing_changed_is_no_change():
    base = stack({"AL-HR-03": {"limit_per_min": 115, "rec": {"limit_per_min": 110}}})
    assert patient_changes(base.limits, base.limits) == ()
    assert rebased(base.limits, base, stack()).get(*HR, INF) == 120


def test_own_changes_lie_over_the_new_preset():
    before = stack()
    mine = before.limits.replaced(*HR, 125).replaced(*SYS, 150, REC)
    after = rebased(
        mine, before, stack({"AL-HR-03": {"limit_per_min": 110}, "AL-BP-08": {"systolic_mmhg": 95}})
    )
    assert (after.get(*HR, INF), after.get(*SYS, REC), after.get(*SYS, INF)) == (125, 150, 160)
    assert after.get("AL-BP-08", "systolic_mmhg", INF) == 95


def test_a_limit_of_all_phases_is_not_loosened_by_a_presets_table_of_one():
    before, after = stack(), stack({"AL-HR-03": {"inf": {"limit_per_min": 130}}})
    mine = with_change(before.limits, LimitChange(*HR, 105))
    assert [rebased(mine, before, after).get(*HR, p) for p in (PRE, INF, REC)] == [105, 105, 105]


def test_what_was_set_for_one_phase_after_all_phases_stays_that_phases():
    before = stack({"AL-HR-03": {"rec": {"limit_per_min": 112}}})
    mine = with_change(before.limits, LimitChange(*HR, 105))
    mine = with_change(mine, LimitChange(*HR, 112, REC))  # as the preset had it
    for after in (stack(), stack({"AL-HR-03": {"inf": {"limit_per_min": 130}}})):
        assert [rebased(mine, before, after).get(*HR, p) for p in (PRE, INF, REC)] == [105, 105, 112]


def test_a_number_that_only_the_new_preset_locks_is_the_presets():
    before, after = stack(), stack({"AL-HR-03": {"limit_per_min": 110}}, frozenset({HR}))
    mine = before.limits.replaced(*HR, 125)
    assert rebased(mine, before, after).get(*HR, INF) == 110
    assert (
        rebased(mine, stack(locked=frozenset({HR})), after).get(*HR, INF) == 125
    )  # the lead's, made knowing it


def test_a_phases_number_of_the_old_preset_goes_but_stays_named():
    before = stack({"AL-HR-03": {"limit_per_min": 120, "rec": {"limit_per_min": 110}}})
    after = rebased(before.limits, before, stack())
    assert [after.get(*HR, p) for p in (PRE, INF, REC)] == [120, 120, 120]
    assert after.by_profile[*HR, REC] == 120


def test_limits_that_would_cross_are_refused_in_one_sentence():
    before = stack()
    mine = before.limits.replaced(*HR, 138)
    with pytest.raises(RefusedError, match="With the limits of this patient") as caught:
        rebased(mine, before, stack({"AL-HR-02": {"limit_per_min": 130}}))
    assert str(caught.value) == (
        "With the limits of this patient that cannot be: "
        "Tachycardia 138 /min must be no higher than Extreme tachycardia 130 /min."
    )


def test_a_number_for_all_phases_is_set_where_a_phase_had_its_own():
    limits = default_limits().replaced(*HR, 110, REC)
    after = with_change(limits, LimitChange(*HR, 115))
    assert [after.get(*HR, p) for p in (PRE, INF, REC)] == [115, 115, 115]
    assert with_change(limits, LimitChange(*HR, 105, INF)).get(*HR, REC) == 110
