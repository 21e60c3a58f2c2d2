"""Numeric frames of the Berry boards: bodies in, readings out (protocols.md §1.3). Each value stands on its own."""

from devices.signals import NumericReading, Quality, Signal

_WEAK, _LEAD_OFF = 0x01, 0x02
_SPO2_OFF = frozenset({1, 2})  # probe unplugged, no finger
_SPO2_INVALID, _PR_INVALID = 127, 255


def ecg_readings(body: bytes) -> list[Signal]:
    """Read HR, RR and ST of a body of type 02; older firmware may stop early.

    0 is "no value" for the rates. ST is in mV; it means nothing without a heart rate.
    """
    status = body[1]
    quality = Quality.SENSOR_OFF if status & _LEAD_OFF else Quality.GOOD
    if status & _WEAK:
        quality |= Quality.WEAK
    readings: list[Signal] = []
    if len(body) > 2:
        readings.append(_reading("HR", float(body[2]) if body[2] else None, "/min", quality))
    if len(body) > 3:
        readings.append(_reading("RR", float(body[3]) if body[3] else None, "/min", quality))
    if len(body) > 4:
        st_hundredths = body[4] - 256 if body[4] > 127 else body[4]
        usable = abs(st_hundredths) <= 100 and body[2] > 0
        readings.append(_reading("ST", st_hundredths / 100 if usable else None, "mV", quality))
    return readings


def spo2_readings(body: bytes) -> list[Signal]:
    """Read SPO2 and PR of a body of type 04.

    127 and 255 are the board's own marks for "invalid". With no finger in the probe a number that still stands there is
    an old one, and none is given; while searching it is given with that mark.
    """
    status, spo2, pulse = body[1], body[2], body[3]
    off = status in _SPO2_OFF
    quality = Quality.SENSOR_OFF if off else Quality.SEARCHING if status else Quality.GOOD
    spo2_usable = not off and 0 < spo2 <= 100 and spo2 != _SPO2_INVALID
    pulse_usable = not off and 0 < pulse < _PR_INVALID
    return [
        _reading("SPO2", float(spo2) if spo2_usable else None, "%", quality),
        _reading("PR", float(pulse) if pulse_usable else None, "/min", quality),
    ]


def temperature_readings(body: bytes) -> list[Signal]:
    """Read TEMP and, where the board has a second probe, TEMP2 of a body of type 05."""
    status = body[1]
    readings = [_temperature("TEMP", body[2], body[3], off=bool(status & 0x01))]
    if len(body) >= 6:
        readings.append(_temperature("TEMP2", body[4], body[5], off=bool(status & 0x02)))
    return readings


def _temperature(name: str, whole: int, tenths: int, *, off: bool) -> Signal:
    usable = not off and whole > 0 and tenths <= 9
    quality = Quality.SENSOR_OFF if off else Quality.GOOD
    # Through an integer of tenths, so that 36.6 is the nearest float to 36.6.
    return _reading(name, (whole * 10 + tenths) / 10 if usable else None, "Cel", quality)


def _reading(name: str, value: float | None, unit: str, quality: Quality) -> Signal:
    return NumericReading(name, value, unit, quality if value is not None else quality | Quality.INVALID)
