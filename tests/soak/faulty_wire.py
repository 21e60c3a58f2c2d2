"""A monitor and a driver on a wire that damages frames at known places, and a ledger of what became of them.

The emulated monitor answers the driver through the program's own link on an in-memory cable, everything on one manual
clock. Beside it a second decoder hears the undamaged bytes: what it tells is the truth the first one is held to.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from devices.clock import NS_PER_S
from devices.drivers.base import DriverCommand, DriverInfo, NibpTiming
from devices.link_core import LinkCore
from devices.patient import CuffPressures, PatientSource
from devices.protocols.base import CuffPanel, MonitorSide
from devices.protocols.bci.monitor import Cms50Monitor
from devices.protocols.nonin.frames import Dialect
from devices.protocols.nonin.monitor import NoninMonitor
from devices.registry import BUILTIN_MONITORS, make_driver, make_monitor
from devices.signals import NibpResult, NumericReading, Signal, WaveChunk
from devices.transport.pipe import pipe
from monitor_app.services.bedside.placement import Placement
from tests.devices.fake_patient import FakePatient
from tests.soak import wire_frame
from tests.soak.wire_frame import Check, Measure

STEP_S, LONG_STEP_S = 0.0625, 0.25
"""Powers of two, so that whole seconds are met exactly; the long one for wires of a frame a second."""
WARM_UP_S = 10.0
"""Nothing is damaged while the two get to know each other."""
SHARE = 0.05
"""Damaged frames among all: far more than any cable that is still in use."""
KINDS = ("flip", "drop", "double", "garbage", "silence")
_SILENCE_S = (0.3, 2.5)
_SILENCES_PER_S = 1 / 40
_TRUTH_S = 4.0
"""A value told is true when the undamaged wire told it so long before or after, or twice the family's own interval."""
_CUFF_TRUTH_S = 150.0


@dataclass(frozen=True, slots=True)
class Subject:
    """A wire to be tried. ``check`` None: it has no checksum. ``deaf``: what the host sends does not arrive."""

    label: str
    driver_id: str
    measure: Measure
    check: Check | None = None
    make: Callable[[PatientSource], MonitorSide] | None = None
    deaf: bool = False
    step_s: float = STEP_S

    def monitor(self, patient: PatientSource) -> MonitorSide:
        return self.make(patient) if self.make else make_monitor(self.driver_id, patient, seed=1)


def _nonin(dialect: Dialect) -> Callable[[PatientSource], MonitorSide]:
    return lambda patient: NoninMonitor(patient, seed=1, dialect=dialect)


SUBJECTS = (
    Subject("berry", "berry", wire_frame.measure_berry, wire_frame.check_berry),
    Subject("datex-dri", "datex-dri", wire_frame.measure_dri, wire_frame.check_dri),
    Subject("intellivue-mib", "intellivue-mib", wire_frame.measure_mib, wire_frame.check_mib),
    Subject("suntech-nibp", "suntech-nibp", wire_frame.measure_suntech, wire_frame.check_suntech),
    Subject("nonin", "nonin", wire_frame.of_length(5), wire_frame.check_df2),
    Subject("nonin format 7", "nonin", wire_frame.of_length(5), wire_frame.check_df7, _nonin(Dialect.F7), deaf=True),
    Subject("nonin format 1", "nonin", wire_frame.of_length(3), None, _nonin(Dialect.F1), step_s=LONG_STEP_S),
    Subject("nonin format 8", "nonin", wire_frame.of_length(4), None, _nonin(Dialect.F8), deaf=True, step_s=LONG_STEP_S),
    Subject("nonin printout", "nonin", wire_frame.measure_line, None, _nonin(Dialect.LINE), step_s=LONG_STEP_S),
    Subject("masimo", "masimo", wire_frame.measure_line, step_s=LONG_STEP_S),
    Subject("nellcor", "nellcor", wire_frame.measure_line, step_s=LONG_STEP_S),
    Subject("bci", "bci", wire_frame.of_length(5)),
    Subject("bci, CMS50D+", "bci", wire_frame.of_length(5), None, lambda p: Cms50Monitor(p, seed=1)),
    Subject("contec-v7", "contec-v7", wire_frame.measure_contec),
    Subject("efficia-hl7", "efficia-hl7", wire_frame.measure_hl7, step_s=LONG_STEP_S),
)  # fmt: skip
assert {subject.driver_id for subject in SUBJECTS} == set(BUILTIN_MONITORS)


@dataclass
class ChangingPatient(FakePatient):
    """Numbers that hold for a while and then change, mostly by little and sometimes by much."""

    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(5))
    until_s: float = 12.0

    def advance(self, until_s: float) -> None:
        super().advance(until_s)
        while self.now_s >= self.until_s:
            self.until_s += float(self.rng.uniform(6.0, 18.0))
            far = self.rng.random() < 0.15
            rate = float(np.clip((self.numbers.hr_per_min or 75) + self.rng.integers(-40 if far else -4, 41 if far else 5), 45, 180))  # fmt: skip
            spo2 = float(np.clip((self.numbers.spo2_percent or 97) + self.rng.integers(-9 if far else -1, 10 if far else 2), 82, 100))  # fmt: skip
            index = float(np.clip((self.numbers.perfusion_index_percent or 3) + self.rng.integers(-8, 9) / 10, 0.5, 9))  # fmt: skip
            self.numbers = replace(
                self.numbers,
                hr_per_min=rate,
                pr_per_min=rate,
                spo2_percent=spo2,
                rr_per_min=float(self.rng.integers(10, 22)),
                perfusion_index_percent=round(index, 1),
            )
            systolic = float(self.rng.integers(100, 180))
            self.pressures = CuffPressures(systolic, systolic - 45, systolic - 30)


@dataclass
class Ledger:
    """What the wire knows, and what the driver made of it."""

    label: str
    seconds: float
    checksum: bool
    frames: int = 0  # sent by the monitor while faults were on
    damaged: int = 0
    silenced: int = 0
    bursts: int = 0
    silences: int = 0
    against_checksum: int = 0  # frames accepted where none with a right checksum stands
    accepted: int = 0
    undamaged: int = 0
    bytes_sent: int = 0
    bytes_in: int = 0
    resyncs: int = 0
    told: int = 0
    believed: int = 0  # damaged frames
    misled: int = 0  # bursts and silences after which something false was told
    false: list[tuple[float, str, object]] = field(default_factory=list)
    gaps: dict[str, int] = field(default_factory=dict)  # samples left open
    off_s: dict[str, float] = field(default_factory=dict)  # samples and gaps against time times rate

    @property
    def believed_share(self) -> float:
        return self.believed / max(1, self.damaged)


class DamagingWire:
    """Takes whole frames, returns what arrives of each, and keeps the ledger."""

    def __init__(self, subject: Subject, ledger: Ledger, seed: int) -> None:
        self._subject, self._ledger = subject, ledger
        self._rng = np.random.default_rng(seed)
        self._silent_until_s = 0.0
        self.mishaps: list[
            tuple[float, bool]
        ] = []  # when, and whether a frame was damaged (no burst, no silence)

    def carry(self, frame: bytes, at_s: float) -> bytes:
        ledger, rng = self._ledger, self._rng
        arrives = frame
        if at_s >= WARM_UP_S:
            ledger.frames += 1
            if at_s < self._silent_until_s:
                ledger.silenced += 1
                return b""
            if rng.random() < SHARE:
                return self._damage(frame, at_s)
        ledger.undamaged += 1
        return arrives

    def maybe_fall_silent(self, at_s: float, step_s: float) -> None:
        if at_s >= WARM_UP_S and self._rng.random() < _SILENCES_PER_S * step_s:
            self._ledger.silences += 1
            self._silent_until_s = at_s + self._rng.uniform(*_SILENCE_S)
            self.mishaps.append((at_s, False))

    def _damage(self, frame: bytes, at_s: float) -> bytes:
        ledger, rng = self._ledger, self._rng
        kind = KINDS[int(rng.integers(4))]
        if kind == "garbage":
            ledger.bursts += 1
            ledger.undamaged += 1
            self.mishaps.append((at_s, False))
            return rng.bytes(int(rng.integers(1, 17))) + frame
        k = int(rng.integers(len(frame)))
        bit = 1 << int(rng.integers(8))
        arrives = {
            "flip": frame[:k] + bytes((frame[k] ^ bit,)) + frame[k + 1 :],
            "drop": frame[:k] + frame[k + 1 :],
            "double": frame[: k + 1] + frame[k:],
        }[kind]
        self.mishaps.append((at_s, frame not in arrives))
        if frame in arrives:  # a stray byte beside it
            ledger.bursts += 1
            ledger.undamaged += 1
            return arrives
        ledger.damaged += 1
        return arrives


class Told:
    """What one side has told: numbers with their times."""

    def __init__(self, info: DriverInfo) -> None:
        self._names = frozenset(info.numerics)
        self.window_s = max(_TRUTH_S, 2 * info.numeric_interval_s + 2)
        self.values: list[tuple[float, str, object]] = []

    def add(self, at_s: float, signal: Signal) -> None:
        if isinstance(signal, NumericReading) and signal.name in self._names:
            self.values.append((at_s, signal.name, signal.value))
        elif isinstance(signal, NibpResult):
            values = (signal.systolic_mmhg, signal.diastolic_mmhg, signal.mean_mmhg)
            if signal.failure is None:
                self.values.append((at_s, "NIBP", values))


class Rig:
    """Monitor, damaging wire, link and driver, and beside them the decoder that hears the truth. One thread."""

    def __init__(self, subject: Subject, ledger: Ledger, seed: int) -> None:
        self.subject, self.ledger = subject, ledger
        self.driver = make_driver(subject.driver_id)
        self.monitor = subject.monitor(ChangingPatient(rng=np.random.default_rng(seed + 100)))
        self.wire = DamagingWire(subject, ledger, seed)
        host, self.end = pipe(capacity_bytes=1_000_000)
        self.end.open()
        self.core = LinkCore(self.driver, host, port="wire")
        self.truth_decoder = self.driver.capture_decoder()
        self.told, self.truth = Told(self.driver.info), Told(self.driver.info)
        self.placements: dict[str, Placement] = {}
        self.ends_s: dict[str, float] = {}
        self.arrived = bytearray()
        self.rest = b""

    def step(self, now_s: float) -> None:
        self.hear(now_s)
        _work_cuff(self.core, self.monitor, self.driver.info.nibp, now_s)
        said = self.end.read(0)
        if not self.subject.deaf:
            self.monitor.receive(said)
        sent = self.rest + self.monitor.advance(now_s)
        frames, self.rest = wire_frame.cut(sent, self.subject.measure)
        self.wire.maybe_fall_silent(now_s, self.subject.step_s)
        for frame in frames:
            for signal in self.truth_decoder.feed(frame):
                self.truth.add(now_s, signal)
            arrives = self.wire.carry(frame, now_s)
            self.arrived += arrives
            self.end.write(arrives)

    def hear(self, now_s: float) -> None:
        now_ns = round(now_s * NS_PER_S)
        for arrival in self.core.step(now_ns):
            self.told.add(now_s, arrival.signal)
            if isinstance(arrival.signal, WaveChunk):
                _place(arrival.signal, now_ns, self.placements, self.ledger)
                self.ends_s[arrival.signal.name] = now_s


def run_faulty(subject: Subject, *, seconds: float, seed: int = 1) -> Ledger:
    """Run one wire for so many seconds and return its ledger."""
    ledger = Ledger(subject.label, seconds, subject.check is not None)
    rig = Rig(subject, ledger, seed)
    for k in range(1, round(seconds / subject.step_s) + 1):
        rig.step(k * subject.step_s)
    rig.hear(seconds + subject.step_s)
    counters = rig.core.counters
    ledger.bytes_sent = len(rig.arrived)
    ledger.accepted, ledger.bytes_in, ledger.resyncs = counters.frames_ok, counters.bytes_in, counters.resyncs
    if subject.check is not None:
        ledger.against_checksum = _unborne(subject, subject.check, bytes(rig.arrived))
    for name, placement in rig.placements.items():
        ledger.off_s[name] = placement.end_t_ns / NS_PER_S - rig.ends_s[name]
    _judge(ledger, rig.told, rig.truth, rig.wire.mishaps)
    return ledger


def _unborne(subject: Subject, check: Check, stream: bytes) -> int:
    """Count what a fresh decoder accepts of a stream, byte by byte, and no right checksum bears out."""
    ends = wire_frame.right_ends(stream, subject.measure, check)
    decoder = make_driver(subject.driver_id).capture_decoder()
    unborne = accepted = known = 0
    for at in range(len(stream)):
        decoder.feed(stream[at : at + 1])
        more = decoder.counters.frames_ok - accepted
        if more:
            accepted += more
            until = bisect_right(ends, at + 1)
            unborne += max(0, more - (until - known))
            known = until
    return unborne


def _work_cuff(core: LinkCore, monitor: MonitorSide, timing: NibpTiming, at_s: float) -> None:
    if at_s == 2.0 and isinstance(monitor, CuffPanel):
        monitor.set_nibp_auto(1)
    if timing is NibpTiming.HOST and at_s % 45 == 3.0:
        core.request(DriverCommand.NIBP_START)


def _place(chunk: WaveChunk, now_ns: int, placements: dict[str, Placement], ledger: Ledger) -> None:
    placement = placements.get(chunk.name)
    if placement is None or placement.rate_hz != chunk.rate_hz:
        placement = placements[chunk.name] = Placement(chunk.rate_hz)
    placed = placement.place(chunk.first_sample, len(chunk.samples), now_ns)
    lost = round(placed.gap_ns * chunk.rate_hz / NS_PER_S)
    ledger.gaps[chunk.name] = ledger.gaps.get(chunk.name, 0) + lost


def _judge(ledger: Ledger, told: Told, truth: Told, mishaps: list[tuple[float, bool]]) -> None:
    """Find what was told and never true thereabouts; each such value is laid to the mishap just before it."""
    blamed: set[int] = set()
    near: deque[tuple[float, str, object]] = deque()
    coming = deque(truth.values)
    for at_s, name, value in told.values:
        while coming and coming[0][0] <= at_s + _CUFF_TRUTH_S:
            near.append(coming.popleft())
        while near and near[0][0] < at_s - _CUFF_TRUTH_S:
            near.popleft()
        window_s = _CUFF_TRUTH_S if name == "NIBP" else truth.window_s
        ledger.told += at_s >= WARM_UP_S
        if any(n == name and v == value and abs(t - at_s) <= window_s for t, n, v in near):
            continue
        ledger.false.append((at_s, name, value))
        blamed.add(bisect_right(mishaps, (at_s, True)) - 1)
    # What no mishap explains counts as believed.
    ledger.believed = sum(place < 0 or mishaps[place][1] for place in blamed)
    ledger.misled = len(blamed) - ledger.believed
