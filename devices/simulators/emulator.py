"""An emulated monitor at work: patient, monitor's side of a protocol, faults, transport; stepped on patient time.

The host cannot tell it from the device: the same wire, the same driver, the same alarms (design.md §3).
"""

import logging
import threading
from collections.abc import Callable, Iterable

from devices.clock import NS_PER_S, Clock
from devices.errors import DeviceError
from devices.patient import PatientSource
from devices.protocols.base import MonitorSide
from devices.simulators.fault import FAULT_NAMES, Fault, FaultLine, parse_fault
from devices.simulators.patient_view import LaterPatient
from devices.transport.base import Transport

__all__ = ["FAULT_NAMES", "Emulator", "EmulatorRunner", "Fault", "parse_fault"]

_log = logging.getLogger(__name__)

Restart = Callable[[PatientSource, float], MonitorSide]

LONGEST_STEP_S = 0.1
_RETRY_PORT_S = 0.25
_PERIOD_S = 0.015
_GIVE_UP_CATCHING_UP_S = 2.0


class Emulator:
    """One monitor on one patient on one transport. Called from one thread, with time never going back.

    The transport is opened by the first ``step`` and again after a loss. ``restart``, for the fault ``reset``, is given the
    patient on a time axis that begins now, and that instant in patient time, and returns a monitor freshly switched on;
    without it a reset only falls silent for its length. Output nobody takes is lost, as on a wire.
    Faults, and a sensor that comes off, take effect at multiples of ``longest_step_s``.
    """

    def __init__(
        self,
        monitor: MonitorSide,
        patient: PatientSource,
        transport: Transport,
        *,
        faults: Iterable[Fault] = (),
        seed: int = 0,
        restart: Restart | None = None,
        longest_step_s: float = LONGEST_STEP_S,
    ) -> None:
        self._monitor = monitor
        self._patient = patient
        self._transport = transport
        self._restart = restart
        self._longest_s = longest_step_s
        self._line = FaultLine(faults, seed=seed, restart=self._switch_off_and_on)
        self._now_s = 0.0
        self._open = False
        self._retry_s = float("-inf")
        self._lost_bytes = 0

    @property
    def now_s(self) -> float:
        """Patient time it has been stepped to."""
        return self._now_s

    @property
    def transport(self) -> Transport:
        """Where it is connected."""
        return self._transport

    @property
    def lost_bytes(self) -> int:
        """Bytes sent while the transport was not there."""
        return self._lost_bytes

    def open(self) -> None:
        """Open the transport now, to hear about a mistake in its name at once.

        :raises DeviceError: see ``Transport.open``.
        """
        self._transport.open()
        self._open = True

    def step(self, until_s: float) -> None:
        """Let the monitor live until patient time ``until_s``: hear the host, move the patient, send.

        Long steps are cut at multiples of the longest one, so that patient and monitor never run far apart.
        """
        while self._now_s < until_s:
            # The small share keeps a sum such as 0.1 + 0.2 from giving a step of length nothing.
            edge = (int(self._now_s / self._longest_s + 1e-6) + 1) * self._longest_s
            self._step_once(min(edge, until_s))

    def close(self) -> None:
        """Close the transport. Harmless when closed already."""
        self._open = False
        self._transport.close()

    def _step_once(self, until_s: float) -> None:
        self._now_s = until_s
        heard = self._hear()
        self._line.before(until_s)
        if heard and not self._line.deaf_at(until_s):
            self._monitor.receive(heard)
        # The monitor takes the patient along event by event; the patient lives on also where it does not.
        data = self._monitor.advance(until_s)
        self._patient.advance(until_s)
        if self._line.has_faults:
            data = self._line.apply(data, until_s)
        if data:
            self._say(data)

    def _hear(self) -> bytes:
        if not self._open and not self._try_open():
            return b""
        try:
            return self._transport.read(0.0)
        except DeviceError as error:
            self._lose(error)
            return b""

    def _say(self, data: bytes) -> None:
        if not self._open:
            self._lost_bytes += len(data)
            return
        try:
            self._transport.write(data)
        except DeviceError as error:
            self._lost_bytes += len(data)
            self._lose(error)

    def _try_open(self) -> bool:
        if self._now_s < self._retry_s:
            return False
        try:
            self.open()
        except DeviceError as error:
            self._lose(error)
        return self._open

    def _lose(self, error: DeviceError) -> None:
        _log.info("emulated monitor: %s", error)
        self.close()
        self._retry_s = self._now_s + _RETRY_PORT_S

    def _switch_off_and_on(self) -> None:
        if self._restart is not None:
            later = LaterPatient(self._patient, self._now_s)
            self._monitor = _SwitchedOn(self._restart(later, self._now_s), self._now_s)


class _SwitchedOn:
    """A ``MonitorSide`` whose own time began at ``start_s`` of patient time."""

    def __init__(self, monitor: MonitorSide, start_s: float) -> None:
        self._monitor = monitor
        self._start_s = start_s

    def receive(self, data: bytes) -> None:
        self._monitor.receive(data)

    def advance(self, until_s: float) -> bytes:
        return self._monitor.advance(until_s - self._start_s)


class EmulatorRunner:
    """Steps an emulator along a clock, ``speed`` patient seconds to a second, without drift.

    Patient time starts at ``start_s``. When the computer itself stood still (suspended, overloaded) for more than two
    seconds, patient time stands still for as long, instead of pouring the past onto the wire.
    """

    def __init__(self, emulator: Emulator, clock: Clock, *, speed: float = 1.0, start_s: float = 0.0) -> None:
        if speed <= 0:
            raise ValueError("speed must be above 0")
        self._emulator = emulator
        self._clock = clock
        self._speed = speed
        self._start_s = start_s
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Run on a thread of its own.

        :raises RuntimeError: it runs already.
        """
        if self._thread is not None:
            raise RuntimeError("the emulator runs already")
        self._thread = threading.Thread(target=self.run, name="emulator", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 3.0) -> bool:
        """End the run and close the transport; True when done within ``timeout_s``. Any thread."""
        self._stopping.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout_s)
            return not thread.is_alive()
        return True

    def run(self, until_s: float = float("inf")) -> None:
        """Run in the calling thread until ``stop``, or until patient time reaches ``until_s``; then close the transport."""
        try:
            self._run(until_s)
        finally:
            self._emulator.close()

    def _run(self, until_s: float) -> None:
        zero_ns = self._clock.monotonic_ns()
        period_ns = round(_PERIOD_S * NS_PER_S)
        wake_ns = zero_ns
        while not self._stopping.is_set():
            wake_ns += period_ns
            self._clock.sleep_until(wake_ns)
            late_ns = self._clock.monotonic_ns() - wake_ns
            if late_ns > _GIVE_UP_CATCHING_UP_S * NS_PER_S:
                _log.info("emulated monitor: %.1f s late, patient time waits", late_ns / NS_PER_S)
                zero_ns += late_ns
                wake_ns += late_ns
            patient_s = self._start_s + (wake_ns - zero_ns) / NS_PER_S * self._speed
            self._emulator.step(min(patient_s, until_s))
            if patient_s >= until_s:
                return
