"""What the search of a port found, as values and in words."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from devices.drivers.base import SerialSettings

_PRINTABLE = frozenset({9, 10, 13, *range(32, 127)})
_TEXT_SHARE = 0.9
_SMALL_SAMPLE = 12
_SILENT_WHEN_ASKED = (
    "port opened, 0 bytes, also when asked: check that the monitor is on, that its data output is switched on, and that "
    "the cable is at its serial socket"
)


class Heard(Enum):
    """What a port gave. The first three opened; the last did not, or was lost meanwhile."""

    STREAMING = "streaming"
    BYTES_NO_FRAME = "bytes but no frame"
    SILENT = "port opened, 0 bytes"
    NOT_OPENED = "not opened"


@dataclass(frozen=True, slots=True)
class Try:
    """One family tried with one setting of the line."""

    driver_id: str
    line: SerialSettings
    bytes_in: int = 0
    frames_ok: int = 0
    listened: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class PortReport:
    """What one port gave.

    ``found``: ids of the drivers that fit, best first; more than one only where they fit equally well. ``line``: the
    settings at which they did, None for a port without any. ``reason``: why it could not be opened, one sentence.
    ``echo``: what was sent came back. ``blocked``: a question could not be sent for want of CTS. ``sample``: the first bytes of the turn that gave most.
    """

    heard: Heard
    found: tuple[str, ...] = ()
    line: SerialSettings | None = None
    after_asking: bool = False
    bytes_in: int = 0
    tries: tuple[Try, ...] = ()
    echo: bool = False
    blocked: bool = False
    reason: str = ""
    sample: bytes = b""

    @property
    def asked(self) -> tuple[str, ...]:
        """Ids of the drivers that have put their question, in order, each once."""
        return tuple(dict.fromkeys(tried.driver_id for tried in self.tries if tried.asked))


def line_words(line: SerialSettings) -> str:
    """Return line settings as people write them: ``115200 8N1``, with the flow control if any."""
    flow = " RTS/CTS" if line.rtscts else ""
    flow += " XON/XOFF" if line.xonxoff else ""
    return f"{line.baud} {line.bits}{line.parity}{line.stop_bits}{flow}"


def report_words(report: PortReport, name_of: Callable[[str], str]) -> str:
    """Return a report as one sentence; ``name_of`` gives the family's name for a driver's id."""
    if report.heard is Heard.STREAMING:
        return _streaming_words(report, name_of)
    if report.heard is Heard.NOT_OPENED:
        return report.reason
    if report.echo:
        return "the port sends back what is sent to it: a loop-back plug is in, or its send and receive wires are joined"
    if report.heard is Heard.BYTES_NO_FRAME:
        return _noise_words(report)
    if report.asked:
        wires = "; it did not take every question, so its RTS and CTS wires may be missing"
        return _SILENT_WHEN_ASKED + (wires if report.blocked else "")
    return "port opened, 0 bytes: the monitor may wait to be asked; name its family"


def _streaming_words(report: PortReport, name_of: Callable[[str], str]) -> str:
    at = f" at {line_words(report.line)}" if report.line is not None else ""
    asked = " when asked" if report.after_asking else ""
    if len(report.found) == 1:
        return f"streaming: valid frames of {name_of(report.found[0])}{at}{asked}"
    names = " and of ".join(name_of(driver_id) for driver_id in report.found)
    return (
        f"streaming: frames{at}{asked} that fit those of {names} equally well; read on the device which it is"
    )


def _noise_words(report: PortReport) -> str:
    """Say what bytes without a frame most likely mean."""
    if text_with_parity(report.sample):
        return (
            f"bytes but no frame ({report.bytes_in} bytes): perhaps parity, since it looks like text with a parity bit; "
            "set the monitor's port to no parity"
        )
    return (
        f"bytes but no frame ({report.bytes_in} bytes): perhaps parity or speed, or a monitor of another family; "
        "'chairside capture' saves its bytes for support"
    )


def text_with_parity(sample: bytes) -> bool:
    """Whether bytes are readable once their highest bit is taken away, and that bit is set in some: 7E1 read as 8N1."""
    if len(sample) < _SMALL_SAMPLE:
        return False
    readable = sum(byte & 0x7F in _PRINTABLE for byte in sample) / len(sample)
    high = sum(byte > 0x7F for byte in sample) / len(sample)
    return readable >= _TEXT_SHARE and 0.1 <= high <= 0.9
