"""The NBP pane of an answer: its numbers, and OBX-14, the time of their measurement (protocols.md §4)."""

from collections.abc import Iterable

from devices.protocols.efficia_hl7.codes import DIASTOLIC, MEAN, NBP, NBP_PULSE, PULSE, SYSTOLIC
from devices.protocols.efficia_hl7.observation import Observation
from devices.protocols.hl7.timestamp import parse_timestamp
from devices.protocols.nbp_watch import NbpPane
from devices.signals import NibpFailure, Quality

_PRESSURES = (SYSTOLIC, DIASTOLIC, MEAN)


def read_pane(observations: Iterable[Observation]) -> NbpPane | None:
    """Gather what belongs to the cuff; None when the answer has no NBP at all."""
    cuff = {o.term: o for o in observations if o.of_cuff}
    shown = [cuff[term] for term in (NBP, *_PRESSURES) if term in cuff]
    if not shown:
        return None
    pressures = [cuff[term].value if term in cuff else None for term in _PRESSURES]
    times = tuple(sorted({o.measured_text for o in shown if o.measured_text}))
    pulse = cuff.get(NBP_PULSE) or cuff.get(PULSE)
    same_time = pulse is not None and (not pulse.measured_text or (pulse.measured_text,) == times)
    return NbpPane(
        pressures=(pressures[0], pressures[1], pressures[2]),
        pulse_per_min=pulse.value if pulse is not None and same_time else None,
        # The screen's question mark says that a measurement failed and nothing of why.
        failure=NibpFailure.ERROR if any(o.questioned for o in shown) else None,
        doubtful=any(Quality.QUESTIONABLE in o.quality for o in shown),
        times=times,
        measured_s=parse_timestamp(times[0]) if len(times) == 1 else None,
    )
