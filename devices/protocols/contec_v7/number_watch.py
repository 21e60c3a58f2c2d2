"""Numbers and flags of a V7.0 oximeter: which are believed, and when they are told (protocols.md §7.2)."""

from devices.protocols.agreement import Agreement
from devices.protocols.contec_v7.conditions import Conditions, quality_of
from devices.protocols.contec_v7.realtime import PLETH_RATE_HZ, RealTime
from devices.signals import NumericReading, Quality, Signal

REPORT_FRAMES = round(PLETH_RATE_HZ)
"""Numbers are told once a second, and at once when one of the telling ones changes."""
_PATIENCE_FRAMES = 6
"""A report due in the midst of a change waits this long for the change to be believed."""
_UNITS = {"PR": "/min", "SPO2": "%", "SIGNAL_STRENGTH": "1"}
_TELLING = frozenset({"PR", "SPO2", "flags"})

_Field = int | tuple[bool, ...] | None


class NumberWatch:
    """Takes every good frame in order, returns what is to be told.

    Frames come sixty times a second and carry no checksum, so every change of pulse, saturation, signal strength or
    flags, not only a jump, is believed when two consecutive frames say the same; that costs 17 ms. The perfusion index,
    which may move with every frame, is held to the weaker rule of ``Agreement``. Until then nothing is told of a field.
    """

    def __init__(self, conditions: Conditions) -> None:
        self._conditions = conditions
        self._perfusion = Agreement()
        self._last: dict[str, _Field] = {}  # the frame just before, empty after damage
        self._believed: dict[str, _Field] = {}
        self.due = 0
        """Number of the frame at which the next report is due."""

    def interrupt(self) -> None:
        """Note that a frame was lost: the next one does not follow the last."""
        self._last = {}
        self._perfusion.interrupt()

    def take(self, values: RealTime, bar: int, frame: int) -> list[Signal]:
        """Take the frame with this number; ``bar`` is the height of its pulse bar."""
        fields = _fields(values)
        news = {name for name in fields if self._is_news(name, fields[name])}
        self._believed.update({name: fields[name] for name in news})
        self._last = fields
        perfusion_believed = self._perfusion.accept("PI", values.perfusion_percent)
        agreed = {name for name in self._believed if self._believed[name] == fields[name]}
        late = frame - self.due
        due = late >= _PATIENCE_FRAMES or (late >= 0 and agreed == fields.keys())
        if "flags" not in agreed or not (due or news & _TELLING):
            return []
        self.due = frame + REPORT_FRAMES
        told = self._conditions.frame(values)
        told += [_reading(name, fields[name], values) for name in _UNITS if name in agreed]
        if perfusion_believed:
            told.append(_reading("PI", values.perfusion_percent, values))
        return [*told, NumericReading("PULSE_BAR", float(bar), "1")]

    def _is_news(self, name: str, value: _Field) -> bool:
        if name not in self._last or self._last[name] != value:
            return False
        return name not in self._believed or self._believed[name] != value


def _fields(values: RealTime) -> dict[str, _Field]:
    return {
        "PR": values.pulse_per_min,
        "SPO2": values.spo2_percent,
        "SIGNAL_STRENGTH": values.strength,
        "flags": (values.probe_error, values.searching, values.long_search, values.dropping),
    }


def _reading(name: str, value: _Field | float, values: RealTime) -> NumericReading:
    """Return a reading; with a fault of the probe a number that still stands there is an old one, and none is given."""
    quality = quality_of(values)
    if name == "SIGNAL_STRENGTH" and isinstance(value, int):
        return NumericReading(name, float(value), "1")
    if values.probe_error or not isinstance(value, int | float):
        return NumericReading(name, None, _UNITS.get(name, "%"), quality | Quality.INVALID)
    return NumericReading(name, float(value), _UNITS.get(name, "%"), quality)
