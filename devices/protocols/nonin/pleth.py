"""The pleth of formats 2 and 7, placed by the SYNC of their packets (protocols.md §5.3, §11)."""

import numpy as np

from devices.protocols.nonin.packet import FRAMES
from devices.signals import Quality, WaveChunk, WaveScale

PLETH_RATE_HZ = 75.0
SCALE_8_BIT = WaveScale("1", None, 128, 0, 255)
SCALE_16_BIT = WaveScale("1", None, 32768, 0, 65535)
_FRAME_BYTES = 5


class PlethStream:
    """Gathers samples and counts them, lost ones too.

    Every 25th frame has SYNC, so after a loss the next SYNC tells exactly how many samples are missing, up to a whole
    number of packets; that number is what the bytes thrown away would have held. The gap is placed at the SYNC, or where
    the bytes were when they were a whole packet and more.
    """

    def __init__(self) -> None:
        self._next = 0  # where the next sample belongs
        self._in_packet: int | None = (
            None  # frames since the last SYNC, known lost ones too; None before the first
        )
        self._samples: list[int] = []
        self._first = 0
        self._scale = SCALE_8_BIT
        self._quality = Quality.GOOD
        self._chunks: list[WaveChunk] = []

    @property
    def position(self) -> int:
        """Samples sent by the device since the decoder's start, as far as known."""
        return self._next

    def bytes_lost(self, count: int) -> None:
        """Note bytes thrown away before the next frame; whole packets of them are a gap here."""
        packets = count // (_FRAME_BYTES * FRAMES)
        if packets:
            self.packets_lost(packets)

    def packets_lost(self, count: int) -> None:
        """Leave a gap of so many packets."""
        self._close()
        self._next += count * FRAMES

    def take_sync(self) -> None:
        """Note that the next sample is the first of a packet."""
        if self._in_packet is not None:
            missing = -self._in_packet % FRAMES
            if missing:
                self._close()
                self._next += missing
        self._in_packet = 0

    def add(self, sample: int, scale: WaveScale, quality: Quality) -> None:
        """Take one sample."""
        if quality != self._quality or scale is not self._scale:
            self._close()
            self._scale, self._quality = scale, quality
        if not self._samples:
            self._first = self._next
        self._samples.append(sample)
        self._next += 1
        if self._in_packet is not None:
            self._in_packet += 1

    def take(self) -> list[WaveChunk]:
        """Return what was gathered, as few chunks as gaps and marks allow."""
        self._close()
        chunks, self._chunks = self._chunks, []
        return chunks

    def _close(self) -> None:
        if not self._samples:
            return
        samples = np.array(self._samples, dtype=np.int32)
        self._chunks.append(
            WaveChunk("PLETH", PLETH_RATE_HZ, self._first, samples, self._scale, self._quality)
        )
        self._samples = []
