"""What several decoders make of the same bytes: which family they belong to, if any."""

from collections.abc import Sequence
from dataclasses import dataclass

from devices.drivers.base import Driver
from devices.probe_plan import frames_needed
from devices.protocols.base import Decoder

EXPLAINED_LEAST = 0.5
"""Share of the bytes that must lie in good frames; by chance a family without a checksum finds a frame in any noise."""
AS_GOOD = 0.1
"""Two families whose shares differ by less than this fit equally well."""
_SAMPLE_BYTES = 512


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one driver's decoder found: good frames, damaged ones, and the share of all bytes it could explain."""

    driver_id: str
    frames_ok: int
    frames_bad: int
    explained: float
    enough: bool

    @property
    def convincing(self) -> bool:
        """Whether several good frames came, and little else."""
        return self.enough and self.frames_ok > self.frames_bad and self.explained >= EXPLAINED_LEAST


class Listener:
    """Feeds what comes to a fresh decoder of each driver. Bytes kept for a look at them: the first 512."""

    def __init__(self, drivers: Sequence[Driver]) -> None:
        self._decoders: list[tuple[Driver, Decoder]] = [(d, d.capture_decoder()) for d in drivers]
        self.bytes_in = 0
        self.sample = b""

    def feed(self, data: bytes) -> None:
        """Take bytes as they came."""
        self.bytes_in += len(data)
        self.sample = (self.sample + data)[:_SAMPLE_BYTES]
        for _, decoder in self._decoders:
            decoder.feed(data)

    def evidence(self) -> list[Evidence]:
        """Return what each decoder has found so far, in the order of the drivers."""
        return [self._evidence(driver, decoder) for driver, decoder in self._decoders]

    def frames_of(self, driver: Driver) -> int:
        """Return how many good frames one driver's decoder has seen."""
        return sum(decoder.counters.frames_ok for one, decoder in self._decoders if one is driver)

    def fitting(self) -> tuple[str, ...]:
        """Return the families that these bytes belong to, best first; several only where they fit equally well."""
        found = sorted((e for e in self.evidence() if e.convincing), key=lambda e: -e.explained)
        return tuple(e.driver_id for e in found if e.explained > found[0].explained - AS_GOOD)

    def _evidence(self, driver: Driver, decoder: Decoder) -> Evidence:
        seen = decoder.counters
        explained = 1 - seen.bytes_discarded / self.bytes_in if self.bytes_in else 0.0
        enough = seen.frames_ok >= frames_needed(driver.info)
        return Evidence(driver.info.id, seen.frames_ok, seen.frames_bad, explained, enough)


class EchoFilter:
    """Takes our own question out of what comes back: a loop-back plug would otherwise answer in the monitor's name."""

    def __init__(self) -> None:
        self._expected = b""
        self._held = b""
        self.heard = False

    def sent(self, question: bytes) -> None:
        """Note what was just sent."""
        self._expected, self._held = question, b""

    def strip(self, data: bytes) -> bytes:
        """Return what came without the echo; what may still become one is held back until the next call."""
        if not self._expected or not data:
            return data
        self._held += data
        if len(self._held) < len(self._expected) and self._expected.startswith(self._held):
            return b""
        held, expected = self._held, self._expected
        self._held = self._expected = b""
        if not held.startswith(expected):
            return held
        self.heard = True
        return held[len(expected) :]
