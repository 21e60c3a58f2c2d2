"""What the host sends: the query, and the acknowledgement that is not sent by default (protocols.md §4)."""

from dataclasses import dataclass

from devices.clock import NS_PER_S
from devices.protocols.hl7.message import escape, message_bytes, segment_text
from devices.protocols.hl7.mllp import frame_message
from devices.protocols.hl7.timestamp import format_timestamp

SCREEN_FILTER, RECORD_FILTER = "STA", "RES"
"""QRD-9 by the export guide: what is on the screen, or the last closed record. The network guide says the reverse."""
INTERVAL_S = 5.0
"""The host chooses the pace; 5 s is the documents' sensible default (protocols.md §4)."""
_EPOCH_S = 946_684_800
"""2000-01-01. A driver has no wall clock, and the monitor ignores the query's time (Data Export Guide p 3-8): it counts
from here, so that nobody takes it for a date."""


@dataclass(frozen=True, slots=True)
class QuerySettings:
    """What a clinic may have to change after trying it on a test unit: the two guides of the maker disagree.

    ``acknowledge`` stays off on a patient: a positive acknowledgement may clear the monitor's numbers.
    """

    subject_filter: str = SCREEN_FILTER
    acknowledge: bool = False
    interval_s: float = INTERVAL_S


def query(number: int, elapsed_ns: int, subject_filter: str = SCREEN_FILTER) -> bytes:
    """Return query ``number`` (from 1, its last seven digits are used), framed."""
    when = format_timestamp(_EPOCH_S + elapsed_ns // NS_PER_S)
    serial = f"{number % 10_000_000:07d}"
    header = segment_text("MSH", "", "", "", "", when, "", "QRY^R02", f"APP{serial}", "P", "2.4")
    definition = segment_text("QRD", when, "R", "I", f"Q{serial}", "", "", "", "", subject_filter)
    return frame_message(message_bytes(header, definition))


def positive_ack(number: int, elapsed_ns: int, their_control_id: str) -> bytes:
    """Return the acknowledgement of a message whose MSH-10 is ``their_control_id``, framed."""
    when = format_timestamp(_EPOCH_S + elapsed_ns // NS_PER_S)
    control_id = f"APP{number % 10_000_000:07d}"
    header = segment_text("MSH", "", "", "", "", when, "", "ACK^^ACK_ALL", control_id, "P", "2.4")
    return frame_message(message_bytes(header, segment_text("MSA", "AA", escape(their_control_id))))
