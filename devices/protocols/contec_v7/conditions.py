"""Conditions a V7.0 oximeter reports with every frame, told once when they begin or end (protocols.md §7.2)."""

from devices.protocols.contec_v7.realtime import RealTime
from devices.protocols.contec_v7.records import RecordType, restore
from devices.signals import DeviceStatus, Quality, Signal

_STATUS_DETAILS = {1: ("OXIMETER_SHUTDOWN", ""), 5: ("COMMAND_REFUSED", "not supported by this oximeter")}
"""Codes of a status record but 0, "ok"."""


class Conditions:
    """What holds now. Each method returns only what changed."""

    def __init__(self) -> None:
        self._active: dict[str, str] = {}
        self._unknown: set[str] = set()

    def frame(self, values: RealTime) -> list[Signal]:
        """Take the flags of a real-time frame; that one came ends a shutdown and a disconnection."""
        search = "searching for too long" if values.long_search else "" if values.searching else None
        return [
            *self.set("SPO2_NO_FINGER", "no finger, or a fault of the probe" if values.probe_error else None),
            *self.set("SPO2_SEARCHING", search),
            *self.set("MONITOR_ALARM", "SpO2 is dropping" if values.dropping else None),
            *self.set("OXIMETER_SHUTDOWN", None),
            *self.set("OXIMETER_DISCONNECTED", None),
        ]

    def record(self, record: bytes) -> list[Signal]:
        """Take a record that is neither a real-time frame nor an identity."""
        kind, data = record[0], restore(record)
        if kind == RecordType.IDLE:
            return []
        if kind == RecordType.PI_SUPPORT:
            return self.set("PI_NOT_SUPPORTED", None if data[0] else "")
        if kind == RecordType.DISCONNECTED:
            return self.set("OXIMETER_DISCONNECTED", f"reason {data[0]:02X}")
        if kind == RecordType.STATUS:
            return self._status(data[-1])
        return self._tell_once(f"{kind:02X}")

    def set(self, code: str, detail: str | None) -> list[Signal]:
        """Note that a condition holds with this detail, or (None) that it does not."""
        if self._active.get(code) == detail:
            return []
        if detail is None:
            del self._active[code]
            return [DeviceStatus(code, active=False)]
        self._active[code] = detail
        return [DeviceStatus(code, active=True, detail=detail)]

    def _status(self, code: int) -> list[Signal]:
        if code == 0:
            return []
        if code not in _STATUS_DETAILS:
            return self._tell_once(f"{RecordType.STATUS:02X} status {code:02X}")
        return self.set(*_STATUS_DETAILS[code])

    def _tell_once(self, record: str) -> list[Signal]:
        if record in self._unknown:
            return []
        self._unknown.add(record)
        return [DeviceStatus("UNKNOWN_RECORD", active=True, detail=record)]


def quality_of(values: RealTime) -> Quality:
    """Return the mark that holds for wave and numbers of a frame."""
    quality = Quality.SENSOR_OFF if values.probe_error else Quality.GOOD
    if values.searching or values.long_search:
        quality |= Quality.SEARCHING
    return quality
