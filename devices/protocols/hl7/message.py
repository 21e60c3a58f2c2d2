"""Segments and fields of an HL7 version 2 message, numbered as the standard numbers them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

FIELD = "|"
ENCODING = "^~\\&"
"""Component, repetition, escape and subcomponent separators that every known monitor uses (protocols.md §4)."""

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{2}")
_ESCAPE = re.compile(r"\\([FSTRE]|X(?:[0-9A-Fa-f]{2})+)\\")
_ESCAPED = {"F": "|", "S": "^", "T": "&", "R": "~", "E": "\\"}
_TO_ESCAPE = str.maketrans({char: f"\\{letter}\\" for letter, char in _ESCAPED.items()})


@dataclass(frozen=True, slots=True)
class Segment:
    """One line of a message. ``fields[n]`` is field n as the standard counts; ``fields[0]`` is the segment's id."""

    fields: tuple[str, ...]

    @property
    def id(self) -> str:
        """``MSH``, ``OBX`` …."""
        return self.fields[0]

    def field(self, number: int) -> str:
        """Return a field as it stands on the wire; empty when the segment ends before it."""
        return self.fields[number] if number < len(self.fields) else ""

    def component(self, number: int, part: int = 1) -> str:
        """Return a component of a field's first repetition, from 1, with its escapes resolved; empty when absent."""
        parts = self.field(number).partition("~")[0].split("^")
        return unescape(parts[part - 1]) if part <= len(parts) else ""


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message; its first segment is ``MSH``."""

    segments: tuple[Segment, ...]

    @property
    def header(self) -> Segment:
        """The MSH segment."""
        return self.segments[0]

    def first(self, segment_id: str) -> Segment | None:
        """Return the first segment of this id, if there is one."""
        return next(self.all(segment_id), None)

    def all(self, segment_id: str) -> Iterator[Segment]:
        """Yield the segments of this id, in order."""
        return (segment for segment in self.segments if segment.fields[0] == segment_id)


def parse_message(body: bytes) -> Message | None:
    """Read the bytes between the MLLP marks; None when they are no whole message.

    Control characters, a header with other separators than the usual ones, and lines without a segment id are signs of
    damage. Text is UTF-8, or Latin-1 where it is not.
    """
    if not body.startswith(b"MSH|^~\\&") or _CONTROL.search(body):
        return None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    segments: list[Segment] = []
    for line in text.replace("\n", "").split("\r"):
        if not line:
            continue
        fields = line.split(FIELD)
        if not _SEGMENT_ID.fullmatch(fields[0]):
            return None
        if fields[0] == "MSH":
            fields.insert(1, FIELD)  # MSH-1 is the separator itself
        segments.append(Segment(tuple(fields)))
    return Message(tuple(segments))


def segment_text(*fields: str) -> str:
    """Return a segment from its id and its fields 1, 2, … without its end; for ``MSH`` they begin at MSH-3."""
    head = (fields[0], ENCODING) if fields[0] == "MSH" else fields[:1]
    return FIELD.join((*head, *fields[1:])).rstrip(FIELD)


def message_bytes(*segments: str) -> bytes:
    """Return segments as the bytes that stand between the MLLP marks, each ended by ``0D``."""
    return "".join(f"{segment}\r" for segment in segments).encode("utf-8")


def escape(text: str) -> str:
    """Return text that may stand in a field, without what would end a field or a segment."""
    return text.translate(_TO_ESCAPE).replace("\r", " ").replace("\n", " ")


def unescape(text: str) -> str:
    r"""Resolve the escapes ``\F\ \S\ \T\ \R\ \E\ \Xhh\``; others stay as they are."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_resolve, text)


def _resolve(found: re.Match[str]) -> str:
    what = found[1]
    return _ESCAPED[what] if what in _ESCAPED else bytes.fromhex(what[1:]).decode("latin-1")
