"""Other programs' beat detectors, run on the same samples in the same run; needed by nobody but the evidence.

Both see a whole record at once, as they are made to, while ours sees it as a monitor would send it.
"""

import importlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from devices.errors import KnownError
from devices.recordings.recording import FloatArray

FindBeats = Callable[[FloatArray, float], list[int]]
"""Samples in millivolts and their rate to the sample numbers of beats, rising; other processes must be able to call it."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One other detector. ``title`` names the program and its version."""

    name: str
    title: str
    find: FindBeats


def load_peers() -> tuple[Peer, ...]:
    """Return wfdb's XQRS and neurokit2's default detector.

    :raises KnownError: one of them is not installed.
    """
    wfdb, neurokit = _module("wfdb"), _module("neurokit2")
    _module("wfdb.processing")
    return (
        Peer("XQRS", f"wfdb {wfdb.__version__}, XQRS", _xqrs),
        Peer("neurokit2", f"neurokit2 {neurokit.__version__}, ecg_peaks", _neurokit),
    )


def _module(name: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a peer's own dependencies deprecate is not ours to mend
            return importlib.import_module(name)
    except ImportError as error:
        raise KnownError(
            f"{name.partition('.')[0]} is not installed here: run make evidence, which brings it."
        ) from error


def _xqrs(samples: FloatArray, rate_hz: float) -> list[int]:
    detector = _module("wfdb.processing").XQRS(sig=samples, fs=rate_hz)
    return _quietly(lambda: (detector.detect(verbose=False), detector.qrs_inds)[1])


def _neurokit(samples: FloatArray, rate_hz: float) -> list[int]:
    neurokit = _module("neurokit2")

    def find() -> Any:
        clean = neurokit.ecg_clean(samples, sampling_rate=rate_hz)
        return neurokit.ecg_peaks(clean, sampling_rate=rate_hz)[1]["ECG_R_Peaks"]

    return _quietly(find)


def _quietly(find: Callable[[], Any]) -> list[int]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return sorted(int(sample) for sample in find())
