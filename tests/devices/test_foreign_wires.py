"""No family believes the bytes of another: a file of the wrong monitor holds nothing, and a search finds one family."""

from functools import cache

import pytest

from devices.protocols.bci.monitor import Cms50Monitor
from devices.protocols.nonin.frames import Dialect
from devices.protocols.nonin.monitor import NoninMonitor
from devices.registry import BUILTIN_DRIVERS, make_driver
from devices.signals import NibpResult, NumericReading
from tests.devices.emulated_wire import wire_of
from tests.devices.fake_patient import FakePatient

SECONDS = 20
NONIN = {f"nonin {dialect.name}": dialect for dialect in (Dialect.F1, Dialect.F7, Dialect.F8, Dialect.LINE)}
WIRES = (*sorted(BUILTIN_DRIVERS), *NONIN, "bci CMS50D+")
CAPTURES = {
    "contec-v7": "contec_v7_serial/rx.raw",
    "datex-dri": "ge_dri/db02.raw",
    "masimo": "masimo_ascii/lines.raw",
    "nonin": "nonin_df2/frame.raw",
}


@cache
def stream_of(wire: str) -> bytes:
    if wire in NONIN:
        return wire_of("nonin", SECONDS, monitor=NoninMonitor(FakePatient(), seed=1, dialect=NONIN[wire]))
    if wire not in BUILTIN_DRIVERS:
        return wire_of("bci", SECONDS, monitor=Cms50Monitor(FakePatient(), seed=1))
    return wire_of(wire, 60 if wire == "suntech-nibp" else SECONDS)


def believed(driver_id: str, stream: bytes) -> tuple[int, int]:
    """Frames and readings."""
    decoder = make_driver(driver_id).capture_decoder()
    told = [signal for at in range(0, len(stream), 1000) for signal in decoder.feed(stream[at : at + 1000])]
    return decoder.counters.frames_ok, sum(isinstance(s, NumericReading | NibpResult) for s in told)


def check_unheard(heard: dict[str, tuple[int, int]], stream: bytes) -> None:
    # A SunTech frame is a start byte, a length and a sum of eight bits: chance gives one in some 50 kB, never a reading.
    frames, readings = heard.pop("suntech-nibp", (0, 0))
    assert frames <= len(stream) / 20_000
    assert readings == 0
    assert set(heard.values()) == {(0, 0)}, heard


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("skipped", [0, 31])
def test_only_its_own_family_hears_frames_in_a_stream(wire: str, skipped: int) -> None:
    stream = stream_of(wire)[skipped:]
    own = wire.split(" ", maxsplit=1)[0]
    heard = {driver_id: believed(driver_id, stream) for driver_id in BUILTIN_DRIVERS}
    assert heard.pop(own)[0] > 0
    check_unheard(heard, stream)


@pytest.mark.parametrize("family", sorted(CAPTURES))
def test_only_its_own_family_hears_frames_in_a_capture(family, shared_captures):
    stream = (shared_captures / CAPTURES[family]).read_bytes()[:100_000]
    heard = {driver_id: believed(driver_id, stream) for driver_id in BUILTIN_DRIVERS}
    assert heard.pop(family)[0] > 0
    check_unheard(heard, stream)
