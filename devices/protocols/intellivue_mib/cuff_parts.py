"""The cuff's share of a numeric reply, gathered from whichever parts and objects carry it."""

from devices.protocols.intellivue_mib.cuff_watch import CuffRecord
from devices.protocols.intellivue_mib.nomenclature import Physio
from devices.protocols.intellivue_mib.numerics import NumericValue
from devices.protocols.intellivue_mib.values import NO_TIME, State, read_time
from devices.signals import Quality


class CuffParts:
    """Holds the cuff object and the pulse taken with it until the whole reply has come."""

    def __init__(self) -> None:
        self._record: CuffRecord | None = None
        self._pulse: tuple[bytes, float] | None = None

    def take_cuff(self, values: list[NumericValue], taken: bytes | None) -> None:
        """Take the cuff object: its values (none while it lists only its name) and attribute 0990.

        :raises ValueError: 0990 is no time.
        """
        key = None if taken in (None, NO_TIME, bytes(8)) else taken
        by_id = {value.physio: value for value in values}
        systolic, diastolic, mean = (
            None if (value := by_id.get(physio)) is None else value.mmhg
            for physio in (Physio.NBP_SYSTOLIC, Physio.NBP_DIASTOLIC, Physio.NBP_MEAN)
        )
        states = [value.state for value in values]
        self._record = CuffRecord(
            key,
            None if key is None else read_time(key),
            systolic,
            diastolic,
            mean,
            ongoing=any(state & State.ONGOING for state in states),
            questionable=any(Quality.QUESTIONABLE in value.quality for value in values),
        )

    def take_pulse(self, value: NumericValue, taken: bytes | None) -> None:
        """Take the pulse rate of a cuff reading; without a time of its own it belongs to none."""
        self._pulse = None if taken is None or value.valid is None else (taken, value.valid)

    def whole(self) -> tuple[CuffRecord, float | None] | None:
        """Return the record and the pulse of the same reading, once; None when the reply held no cuff."""
        record, self._record = self._record, None
        pulse, self._pulse = self._pulse, None
        if record is None:
            return None
        return record, pulse[1] if pulse is not None and pulse[0] == record.key else None
