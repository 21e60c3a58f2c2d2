"""Raw bytes of a link, as they stand beside the record."""

from dataclasses import dataclass

from monitor_app.core.stamp import Stamp

RAW_CHANNEL = "raw"
"""What a gap of raw bytes names as its channel."""


@dataclass(frozen=True, slots=True)
class RawEntry:
    """Bytes of a link as they stood on the wire: one read, or (``sent``) one write of ours.

    Kept beside the record for support, only where it was asked for; it is no part of what is signed.
    """

    stamp: Stamp
    source: str
    data: bytes
    sent: bool = False
