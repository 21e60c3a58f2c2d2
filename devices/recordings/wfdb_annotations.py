"""WFDB annotation files in MIT format: where an expert saw a beat, and what else (PhysioNet, ``annot(5)``)."""

from dataclasses import dataclass

import numpy as np

from devices.recordings.recording import FloatArray, RecordingError

SYMBOLS = ' NLRaVFJASEj/Q~ | sT*D"=pB^t+u?![]en@xf()r'  # index is the annotation code
"""Symbol of each annotation code 0..41, as ``ecgcodes.h`` numbers them; codes without one are blank."""

BEAT_SYMBOLS = frozenset("NLRaVFJASEj/QBenfr?")
"""The symbols that mark a heart beat (PhysioNet, annotation codes)."""

_SKIP, _NUM, _SUB, _CHN, _AUX = 59, 60, 61, 62, 63


@dataclass(frozen=True, slots=True)
class Annotation:
    """One mark. ``sample`` counts frames of the record."""

    sample: int
    symbol: str
    subtype: int = 0
    channel: int = 0
    text: str = ""


def read_annotations(data: bytes, *, source: str) -> tuple[Annotation, ...]:
    """Return the marks of an annotation file, in order. Raises ``RecordingError`` where it ends in mid-mark."""
    try:
        return tuple(_walk(data))
    except IndexError:
        raise RecordingError(f"{source} is cut short: copy it again.") from None


def beat_times_s(marks: tuple[Annotation, ...], rate_hz: float) -> FloatArray:
    """Return the times of the marks that are heart beats."""
    return (
        np.array([mark.sample for mark in marks if mark.symbol in BEAT_SYMBOLS], dtype=np.float64) / rate_hz
    )


def _walk(data: bytes) -> list[Annotation]:
    marks: list[Annotation] = []
    at = sample = channel = 0
    while True:
        word = _word(data, at)
        at += 2
        code, value = word >> 10, word & 0x3FF
        if word == 0:
            return marks
        if code == _SKIP:
            # A PDP-11 long: the high half first, each half little-endian.
            jump = (_word(data, at) << 16) | _word(data, at + 2)
            sample += jump - (1 << 32) if jump & 0x80000000 else jump
            at += 4
        elif code in {_NUM, _SUB, _CHN, _AUX}:
            channel = value if code == _CHN else channel
            at += _extend(marks, code, value, data[at : at + value])
        else:
            sample += value
            marks.append(Annotation(sample, SYMBOLS[code] if code < len(SYMBOLS) else " ", channel=channel))


def _extend(marks: list[Annotation], code: int, value: int, text: bytes) -> int:
    """Add to the newest mark what follows it; return how many bytes of text that took."""
    if not marks:
        return value + value % 2 if code == _AUX else 0
    mark = marks[-1]
    if code == _AUX:
        aux = text.rstrip(b"\0").decode("latin-1")
        marks[-1] = Annotation(mark.sample, mark.symbol, mark.subtype, mark.channel, aux)
        return value + value % 2
    subtype = (value - 1024 if value > 511 else value) if code == _SUB else mark.subtype
    channel = value if code == _CHN else mark.channel
    marks[-1] = Annotation(mark.sample, mark.symbol, subtype, channel, mark.text)
    return 0


def _word(data: bytes, at: int) -> int:
    return data[at] | (data[at + 1] << 8)
