"""Frames that hold a whole reading: formats 1, 8 and 13 and the ASCII printout (protocols.md §5.2, §5.5 to §5.7)."""

from devices.protocols.device_time import CivilTime
from devices.protocols.middle import MiddleOfThree
from devices.protocols.nonin.frames import READING_LINE
from devices.protocols.nonin.sensor import (
    ATTACHED,
    SensorStatus,
    rate_value,
    reading,
    spo2_value,
    status_f1,
    status_f8,
)
from devices.signals import NumericReading, Quality, Signal

_SPOT_GOOD, _SPOT_NONE = 0x02, 0x01  # high status byte
_SPOT_MEMORY, _SPOT_LOW_BATTERY = 0x10, 0x01  # low status byte


def numbers(octets: bytes) -> tuple[float | None, float | None]:
    """Return (pulse rate, SpO2) of a frame of format 1 or 8."""
    return rate_value((octets[0] & 3) << 7 | octets[1]), spo2_value(octets[2])


def sensor_f1(octets: bytes) -> SensorStatus:
    """Return what a frame of format 1 says of the sensor."""
    return status_f1(octets[0])


def sensor_f8(octets: bytes) -> SensorStatus:
    """Return what a frame of format 8 says of the sensor."""
    return status_f8(octets[0], octets[3])


def believed(
    values: tuple[float | None, float | None], sensor: SensorStatus, middle: MiddleOfThree
) -> list[Signal]:
    """Return the readings that are believed after a frame without a checksum."""
    named = (("SPO2", values[1]), ("PR", values[0]))
    return [reading(name, told, sensor) for name, value in named for told in middle.take(name, value)]


def line_readings(line: bytes, middle: MiddleOfThree) -> list[Signal]:
    """Return the readings of a line of the printout. It has no date, so its time is no tag."""
    found = READING_LINE.match(line)
    if found is None:
        return []
    told: list[Signal] = []
    for name, digits, top in (("SPO2", found[4], 100), ("PR", found[5], 510)):
        dashes = b"-" in digits
        value = None if dashes or not 0 < int(digits) <= top else float(digits)
        # One wrong digit makes a number impossible; it takes three to make it dashes.
        sure = dashes or value is not None
        told += [reading(name, v, ATTACHED) for v in middle.take(name, value, sure=sure)]
    return told


def line_marks(line: bytes) -> bytes:
    """Return the letters and signs after the numbers: ``*`` event, ``F`` fast averaging, ``B`` breath."""
    found = READING_LINE.match(line)
    return b"" if found is None else found[6].replace(b" ", b"")


class SpotRecord:
    """The data of a frame of format 13: when, how, and the two numbers."""

    def __init__(self, octets: bytes) -> None:
        data = octets[6:-2]
        self._high, self._low = data[8], data[9]
        self._rate = rate_value(data[10] << 8 | data[11])
        self._spo2 = spo2_value(data[13])
        self._time = _packed_time(data[:8])

    @property
    def low_battery(self) -> bool:
        """Whether the device says so."""
        return bool(self._low & _SPOT_LOW_BATTERY)

    def readings(self) -> list[Signal]:
        """Return SPO2 and PR; what comes from the device's memory has names of its own, for it is no reading of now."""
        memory = "_MEMORY" if self._low & _SPOT_MEMORY else ""
        return [self._reading(f"SPO2{memory}", self._spo2), self._reading(f"PR{memory}", self._rate)]

    def _reading(self, name: str, value: float | None) -> NumericReading:
        if self._high & _SPOT_NONE:
            value = None
        made = reading(name, value, ATTACHED, device_time_s=self._time)
        if value is None or self._high & _SPOT_GOOD:
            return made
        return NumericReading(name, value, made.unit, made.quality | Quality.QUESTIONABLE, self._time)


def _packed_time(octets: bytes) -> float | None:
    """Read ``20 YY MM DD hh mm ss hh``, two decimal digits to a byte; None for what is no time."""
    if any(octet >> 4 > 9 or octet & 15 > 9 for octet in octets):
        return None
    century, year, month, day, hour, minute, second, hundredths = (
        10 * (octet >> 4) + (octet & 15) for octet in octets
    )
    time = CivilTime(100 * century + year, month, day, hour, minute, second)
    return time.posix_s + hundredths / 100 if time.valid else None
