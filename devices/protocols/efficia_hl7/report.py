"""What an Efficia answers: the screen as an ORF message, or a refusal (protocols.md §4; Data Export Guide ch. 3)."""

from dataclasses import dataclass

from devices.protocols.efficia_hl7.codes import (
    BREATHS_PER_MIN,
    CELSIUS,
    DIASTOLIC,
    HEART_RATE,
    MEAN,
    MMHG,
    PER_MIN,
    PERCENT,
    PULSE,
    RESPIRATION,
    SPO2,
    SYSTOLIC,
    TEMPERATURE,
)
from devices.protocols.efficia_hl7.identity import SIMULATOR_NAME, SIMULATOR_SERIAL
from devices.protocols.hl7.message import Segment, escape, message_bytes, segment_text
from devices.protocols.hl7.mllp import frame_message
from devices.protocols.hl7.timestamp import format_timestamp

FAMILY = "^EfficiaCM"
PROFILE = "2.16.840.1.113883.9.2.1"
"""MSH-21 of every answer (protocols.md §4)."""
COUNTER_CHARS = 10
_LABELS = {
    SPO2: "SpO2",
    SYSTOLIC: "NBPs",
    DIASTOLIC: "NBPd",
    MEAN: "NBPm",
    HEART_RATE: "HR",
    PULSE: "Pulse",
    RESPIRATION: "Resp",
    TEMPERATURE: "Temp",
}
_UNITS = {
    SPO2: PERCENT,
    SYSTOLIC: MMHG,
    DIASTOLIC: MMHG,
    MEAN: MMHG,
    HEART_RATE: PER_MIN,
    PULSE: PER_MIN,
    RESPIRATION: BREATHS_PER_MIN,
    TEMPERATURE: CELSIUS,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One number on the screen: its text, empty when there is none; ``questioned`` is the "?" of the screen."""

    term: str
    text: str
    questioned: bool = False
    measured_s: float | None = None
    source_term: str = ""


def code_of(term: str) -> str:
    """Return ``code^label^MDIL`` as the monitor writes it."""
    return f"0002-{term}^{_LABELS[term]}^MDIL"


def observation_segment(shown: Shown) -> str:
    """Return the OBX segment of one number."""
    measured = "" if shown.measured_s is None else format_timestamp(shown.measured_s)
    fields = [""] * 17
    fields[1], fields[2] = "NM", code_of(shown.term)
    fields[4], fields[5] = shown.text, _UNITS[shown.term]
    fields[10], fields[13] = "X" if shown.questioned else "F", measured
    fields[16] = code_of(shown.source_term) if shown.source_term else ""
    return segment_text("OBX", *fields)


def control_id(counter: int) -> str:
    """Return MSH-10: serial number and message counter, ten characters each."""
    return f"{SIMULATOR_SERIAL}{counter:0{COUNTER_CHARS}X}"


def screen_report(query: tuple[str, Segment], counter: int, now_s: float, screen: list[Shown]) -> bytes:
    """Return the framed answer to a query, given as its control id and its QRD segment."""
    now = format_timestamp(now_s)
    query_id, definition = query
    header = ("MSH", FAMILY, "", "", "", now, "", "ORF^R04", control_id(counter), "P", "2.4")
    fields = (*header, *("",) * 8, PROFILE)
    order = ("ORC", "NW", *("",) * 16, SIMULATOR_NAME)
    return frame_message(
        message_bytes(
            segment_text(*fields),
            segment_text("MSA", "AA", escape(query_id)),
            segment_text(*definition.fields),
            segment_text("PID", "", "", "ID Unknown"),
            segment_text("PV1", "", "", "^^"),
            segment_text(*order),
            segment_text("OBR", "", "", "", "MONITOR", "", "", now),
            *(observation_segment(shown) for shown in screen),
        )
    )


def refusal(query_id: str, counter: int, now_s: float, reason: str) -> bytes:
    """Return the framed negative acknowledgement of a query."""
    now = format_timestamp(now_s)
    header = segment_text("MSH", FAMILY, "", "", "", now, "", "ACK", control_id(counter), "P", "2.4")
    return frame_message(message_bytes(header, segment_text("MSA", "AE", escape(query_id), escape(reason))))
