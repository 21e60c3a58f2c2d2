"""Wave frames of the Berry boards gathered into chunks (protocols.md §1.3).

One frame is one instant of one, five or seven waves. The protocol counts nothing, so samples lost on the wire cannot be
known exactly; what is known is that a frame whose header, LEN and TYPE stood but whose checksum failed was one instant.
It moves ``first_sample`` on by one, and the gap shows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.protocols.berry.frames import WAVE_BODY_BYTES, FrameType
from devices.signals import Quality, WaveChunk, WaveScale

ECG_RATE_HZ = 250.0
PLETH_RATE_HZ = 50.0  # measured; the manual says 40
RESP_RATE_HZ = 50.0
ECG_NAMES = ("ECG_I", "ECG_II", "ECG_III", "ECG_AVR", "ECG_AVL", "ECG_AVF", "ECG_V")
CHEST_NAMES = ("ECG_V2", "ECG_V3", "ECG_V4", "ECG_V5", "ECG_V6")
ECG_ZERO = 128
ECG_LOW, ECG_HIGH = 0, 250
UNCALIBRATED_ECG = WaveScale("1", None, ECG_ZERO, ECG_LOW, ECG_HIGH)
PLETH_SCALE = WaveScale("1", None, 50, 0, 100)
RESP_SCALE = WaveScale("1", None, 128, 0, 250)

Instants = npt.NDArray[np.int32]
"""Counts, shape (instants, waves)."""


def ecg_scale(counts_per_mv: float | None, gain: float) -> WaveScale:
    """Return the ECG scale at a gain; no board publishes millivolts, an emulator of ours declares them."""
    if counts_per_mv is None:
        return UNCALIBRATED_ECG
    return WaveScale("mV", 1 / (counts_per_mv * gain), ECG_ZERO, ECG_LOW, ECG_HIGH)


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive instants of one stream."""

    first_sample: int
    instants: Instants


class WaveStream:
    """One kind of wave frame: gathers bodies until ``take`` and counts instants, lost ones too."""

    def __init__(self, frame_type: FrameType, names: tuple[str, ...], rate_hz: float) -> None:
        self.names = names
        self.body_bytes = WAVE_BODY_BYTES[frame_type]
        self.pending: list[bytes] = []
        self._rate_hz = rate_hz
        self._next = 0
        self._runs: list[Run] = []

    def lose_one(self) -> None:
        """Note that one instant was lost here."""
        self._close_run()
        self._next += 1

    def take(self) -> list[Run]:
        """Return what was gathered, as few runs as the losses allow."""
        self._close_run()
        runs, self._runs = self._runs, []
        return runs

    def chunks(self, run: Run, scale: WaveScale, quality: Sequence[Quality]) -> list[WaveChunk]:
        """Return a run as one chunk for each wave; ``quality`` holds one mark for each."""
        columns = np.ascontiguousarray(run.instants.T)
        return [
            WaveChunk(name, self._rate_hz, run.first_sample, samples, scale, mark)
            for name, samples, mark in zip(self.names, columns, quality, strict=True)
        ]

    def _close_run(self) -> None:
        if not self.pending:
            return
        octets = np.frombuffer(b"".join(self.pending), dtype=np.uint8).reshape(-1, self.body_bytes)
        self._runs.append(Run(self._next, octets[:, 1:].astype(np.int32)))
        self._next += len(self.pending)
        self.pending.clear()


def plain_chunks(stream: WaveStream, scale: WaveScale) -> list[WaveChunk]:
    """Return everything a stream gathered, unmarked."""
    quality = (Quality.GOOD,) * len(stream.names)
    return [chunk for run in stream.take() for chunk in stream.chunks(run, scale, quality)]


class ClippingWatch:
    """Watches for leads stuck at the edges of the converter, second by second.

    A lead clips when 20 % of a second's samples lie within one count of an edge, and stops when fewer than 5 % do. A
    tall R wave that touches the edge stays well below; the clipped capture of protocols.md §1.3 lies at 249 and 1. The
    mark is causal: it applies from the second after, however the bytes were cut.
    """

    BLOCK = 250
    _BEGIN = 50
    _END = 12

    def __init__(self) -> None:
        self._second: list[Instants] = []
        self._clipped = np.zeros(len(ECG_NAMES), dtype=np.bool_)
        self._seen = 0
        self.detail: str | None = None
        """The leads that clip, or None."""
        self.quality: tuple[Quality, ...] = (Quality.GOOD,) * len(ECG_NAMES)

    def restart(self) -> None:
        """Begin the second anew: the amplification has changed."""
        self._second.clear()
        self._seen = 0

    def split(self, run: Run) -> Iterator[Run]:
        """Yield a run in pieces that end where seconds end; ``note`` each before asking for the next."""
        at = 0
        while at < len(run.instants):
            piece = run.instants[at : at + self.BLOCK - self._seen]
            yield Run(run.first_sample + at, piece)
            at += len(piece)

    def note(self, piece: Run) -> None:
        """Take a piece into the second's account, and judge the second when it is full."""
        self._second.append(piece.instants)
        self._seen += len(piece.instants)
        if self._seen == self.BLOCK:
            self._judge()

    def _judge(self) -> None:
        second = np.concatenate(self._second)
        at_edge = np.count_nonzero((second <= ECG_LOW + 1) | (second >= ECG_HIGH - 1), axis=0)
        self._clipped = np.where(self._clipped, at_edge >= self._END, at_edge >= self._BEGIN)
        self.quality = tuple(Quality.CLIPPED if clips else Quality.GOOD for clips in self._clipped)
        names = [
            name.removeprefix("ECG_") for name, clips in zip(ECG_NAMES, self._clipped, strict=True) if clips
        ]
        self.detail = ", ".join(names) or None
        self.restart()
