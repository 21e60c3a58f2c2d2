"""What the status bits of every Nonin format say of sensor and signal, and what that does to a number (protocols.md §5)."""

from dataclasses import dataclass

from devices.protocols.conditions import Conditions
from devices.protocols.nonin.frames import HR_MISSING, SPO2_HIGHEST, SPO2_MISSING
from devices.signals import NumericReading, Quality, Signal


@dataclass(frozen=True, slots=True)
class SensorStatus:
    """The state of the sensor; a format without a bit for something leaves it False."""

    disconnected: bool = False
    finger_out: bool = False
    searching: bool = False  # "out of track": no good pulses in a row
    weak: bool = False  # low or marginal perfusion
    artifact: bool = False

    @property
    def off(self) -> bool:
        """Whether a number that still stands there is an old one."""
        return self.disconnected or self.finger_out

    @property
    def quality(self) -> Quality:
        """The marks for whatever is measured now."""
        quality = Quality.SENSOR_OFF if self.off else Quality.GOOD
        if self.searching:
            quality |= Quality.SEARCHING
        if self.weak:
            quality |= Quality.WEAK
        if self.artifact:
            quality |= Quality.ARTIFACT
        return quality


ATTACHED = SensorStatus()


def status_f1(status: int) -> SensorStatus:
    """Read the status of format 1 (protocols.md §5.2)."""
    return SensorStatus(
        disconnected=bool(status & 0x40),
        searching=bool(status & 0x20),
        weak=bool(status & 0x18),
        artifact=bool(status & 0x04),
    )


def status_wave(status: int) -> SensorStatus:
    """Read the status of formats 2 and 7 (protocols.md §5.3); perfusion is lit only during a pulse and read elsewhere.

    Bit 6 is reserved in the newer manuals and "sensor disconnect" in those of the OEM III and Xpod.
    """
    return SensorStatus(
        disconnected=bool(status & 0x40),
        finger_out=bool(status & 0x08),
        searching=bool(status & 0x10),
        artifact=bool(status & 0x20),
    )


def status_f8(status: int, status2: int) -> SensorStatus:
    """Read both status bytes of format 8 (protocols.md §5.5); bit 6 as in format 1, which older models keep."""
    return SensorStatus(
        disconnected=bool(status & 0x40),
        finger_out=bool(status2 & 0x08),
        searching=bool(status & 0x20),
        weak=bool(status & 0x18),
        artifact=bool(status & 0x04),
    )


def tell(sensor: SensorStatus, conditions: Conditions) -> list[Signal]:
    """Return what has changed of the sensor."""
    return [
        *conditions.set("SPO2_PROBE_UNPLUGGED", "" if sensor.disconnected else None),
        *conditions.set("SPO2_NO_FINGER", "" if sensor.finger_out and not sensor.disconnected else None),
        *conditions.set("SPO2_SEARCHING", "" if sensor.searching and not sensor.off else None),
    ]


def rate_value(count: int) -> float | None:
    """Return a pulse rate, None for the mark of a missing one (511) and for 0."""
    return float(count) if 0 < count < HR_MISSING else None


def spo2_value(count: int) -> float | None:
    """Return a saturation, None for the mark of a missing one (127) and for what none can be."""
    return float(count) if 0 < count <= SPO2_HIGHEST and count != SPO2_MISSING else None


def reading(
    name: str, value: float | None, sensor: SensorStatus, *, device_time_s: float | None = None
) -> NumericReading:
    """Return a reading; with the sensor off a number still shown is the last one from before, and none is given."""
    quality = sensor.quality
    if value is not None and sensor.off:
        value = None
        quality |= Quality.STALE
    if value is None:
        quality |= Quality.INVALID
    return NumericReading(name, value, "/min" if name.startswith("PR") else "%", quality, device_time_s)
