import pytest

from devices.protocols.conditions import Conditions
from devices.protocols.masimo.exception_word import quality_of, tell, withholds
from devices.signals import DeviceStatus, Quality


@pytest.mark.parametrize(
    ("word", "quality", "old", "codes"),
    [
        (0x000, Quality.GOOD, False, []),
        (0x001, Quality.SENSOR_OFF, True, [("SPO2_PROBE_UNPLUGGED", "")]),
        (0x002, Quality.QUESTIONABLE, False, [("SPO2_SENSOR_FAULT", "defective sensor")]),
        (0x004, Quality.WEAK, False, []),
        (0x008, Quality.SEARCHING, False, [("SPO2_SEARCHING", "")]),
        (0x010, Quality.ARTIFACT, False, [("SPO2_INTERFERENCE", "interference")]),
        (0x020, Quality.SENSOR_OFF, True, [("SPO2_NO_FINGER", "")]),
        (0x040, Quality.ARTIFACT, False, [("SPO2_INTERFERENCE", "too much light on the sensor")]),
        (0x080, Quality.QUESTIONABLE, False, [("SPO2_SENSOR_FAULT", "unrecognised sensor")]),
        (0x100, Quality.GOOD, False, [("UNKNOWN_RECORD", "EXC bit 100")]),
        (0x200, Quality.GOOD, False, [("UNKNOWN_RECORD", "EXC bit 200")]),
        (0x400, Quality.QUESTIONABLE, False, []),
        (0x800, Quality.GOOD, False, []),
        (0x1000, Quality.GOOD, False, [("UNKNOWN_RECORD", "EXC bit 1000")]),
        (0xC0C, Quality.QUESTIONABLE | Quality.WEAK | Quality.SEARCHING, False, [("SPO2_SEARCHING", "")]),
        (
            0x082,
            Quality.QUESTIONABLE,
            False,
            [("SPO2_SENSOR_FAULT", "defective sensor, unrecognised sensor")],
        ),
    ],
)
def test_table_of_bits(word, quality, old, codes):
    """Every bit of protocols.md §6.1, those not described, and two together."""
    assert quality_of(word) == quality
    assert withholds(word) == old
    conditions = Conditions()
    told = tell(word, conditions)
    assert told == [DeviceStatus(code, active=True, detail=detail) for code, detail in codes]
    assert tell(word, conditions) == []
    ended = [code for code, _ in codes if code != "UNKNOWN_RECORD"]
    assert tell(0, conditions) == [DeviceStatus(code, active=False) for code in ended]
