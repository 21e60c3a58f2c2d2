from devices.protocols.conditions import Conditions
from devices.signals import DeviceStatus


def test_a_condition_is_told_when_it_begins_changes_and_ends():
    conditions = Conditions()
    assert conditions.set("SPO2_SEARCHING", None) == []
    assert conditions.set("SPO2_SEARCHING", "") == [DeviceStatus("SPO2_SEARCHING", active=True)]
    assert conditions.set("SPO2_SEARCHING", "") == []
    assert conditions.active("SPO2_SEARCHING")
    assert conditions.set("SPO2_SEARCHING", "long") == [
        DeviceStatus("SPO2_SEARCHING", active=False),
        DeviceStatus("SPO2_SEARCHING", active=True, detail="long"),
    ]
    assert conditions.set("SPO2_SEARCHING", None) == [DeviceStatus("SPO2_SEARCHING", active=False)]
    assert not conditions.active("SPO2_SEARCHING")


def test_an_unknown_record_is_told_once_and_their_number_is_bounded():
    conditions = Conditions()
    assert conditions.unknown("77") == [DeviceStatus("UNKNOWN_RECORD", active=True, detail="77")]
    assert conditions.unknown("77") == []
    told = sum(len(conditions.unknown(f"{kind:06X}")) for kind in range(10_000))
    assert told == 31
