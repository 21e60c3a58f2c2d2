"""One record of a described protocol as named texts, whatever the form it came in."""

from dataclasses import dataclass

from devices.protocols.delimited.layout import LineForm, LineLayout
from devices.protocols.hl7.message import Message, parse_message

_NO_RESULT = frozenset("XDINOW")
_RESULT = frozenset("FCPRSU")
"""HL7 table 0085: what OBX-11 says of a value (protocols.md §4: F valid, X shown as "?")."""
_DOUBTFUL = frozenset("PSU")


@dataclass(frozen=True, slots=True)
class Record:
    """Fields by name (their number from 1 in the form FIELDS, the code of OBX-3 in HL7).

    HL7 only: ``times`` is OBX-14 of each code, ``doubtful`` and ``questioned`` the codes whose OBX-11 says so,
    ``demo`` that the monitor calls it no real patient, ``sender`` and ``sent`` MSH-3 and MSH-7.
    """

    texts: dict[str, str]
    times: dict[str, str]
    doubtful: frozenset[str] = frozenset()
    questioned: frozenset[str] = frozenset()
    demo: bool = False
    sender: str = ""
    sent: str = ""


def read_text(layout: LineLayout, line: bytes) -> Record | None:
    """Read the text of a line of the forms KEY_VALUE and FIELDS; None when it cannot be whole."""
    if any(byte < 0x20 or byte > 0x7E for byte in line):
        return None
    text = line.decode("ascii")
    pieces = text.split() if layout.separator == " " else [p.strip() for p in text.split(layout.separator)]
    if layout.form is LineForm.FIELDS:
        if len(pieces) != layout.count:
            return None
        return Record({str(number): piece for number, piece in enumerate(pieces, 1)}, {})
    texts: dict[str, str] = {}
    for piece in pieces:
        key, assign, value = piece.partition(layout.assign)
        if not assign or not key or key in texts:
            return None
        texts[key.strip()] = value.strip()
    return Record(texts, {})


def read_hl7(body: bytes) -> Record | None:
    """Read the observations of an HL7 message; one without any is a record without fields."""
    message = parse_message(body)
    if message is None or not message.header.component(9) or not message.header.field(10):
        return None
    texts: dict[str, str] = {}
    times: dict[str, str] = {}
    marked: dict[str, str] = {}
    for segment in message.all("OBX"):
        code, status = segment.component(3), segment.field(11)
        if not code or status not in _NO_RESULT | _RESULT:
            return None
        texts[code] = "" if status in _NO_RESULT else segment.component(5)
        times[code] = segment.component(14)
        marked[code] = status
    return Record(
        texts,
        times,
        doubtful=frozenset(code for code, status in marked.items() if status in _DOUBTFUL),
        questioned=frozenset(code for code, status in marked.items() if status == "X"),
        demo=_demo(message),
        sender=message.header.component(3),
        sent=message.header.component(7),
    )


def _demo(message: Message) -> bool:
    """Whether it is marked as training or debugging (MSH-11), or its values as demonstration (OBX-8)."""
    marks = {segment.component(8).upper() for segment in message.all("OBX")}
    return message.header.component(11) in ("T", "D") or "DEMO" in marks
