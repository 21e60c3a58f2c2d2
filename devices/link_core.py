"""One connection to one monitor, stepped by its caller: no thread, no sleeping, time is an argument.

``Link`` puts a thread around it; headless runs step it on a manual clock beside the emulator. It opens the port and opens
it again for ever, asks the driver what to send, gives it what came, and says in words how the connection stands.
"""

import logging
import threading
from collections import deque

from devices.clock import NS_PER_S, Clock
from devices.drivers.base import Driver, DriverCommand, NibpTiming
from devices.errors import DeviceError, DeviceTimeoutError
from devices.link_outbox import Outbox
from devices.link_watchdog import LinkTiming, Verdict, Watchdog
from devices.signals import Arrival, Counters, LinkState, LinkStatus, NibpFailure, Provenance
from devices.transport.base import Transport
from devices.transport.line_suffix import split_line

_log = logging.getLogger(__name__)

_FIRST_RETRY_S = 0.25
_LAST_RETRY_S = 2.0  # a USB adapter is back within 2 s of being plugged in (protocols.md §1.5)
_STATUS_EVERY_S = 5.0
_WRONG_SETTINGS_AFTER_S = 1.0
_MUTE_S = 5.0
_MAX_COMMANDS = 8
_RECEIVING = "receiving"
_ZERO_BYTES = "port open, 0 bytes so far: check that the monitor is on and the cable is at its serial output"


class LinkCore:
    """A connection as a state machine: SEARCHING until a valid frame, STREAMING, STALLED, LOST, CLOSED.

    One thread calls ``step``; ``request`` and the properties may be used from any. ``clock``, if given, stamps what came
    during a wait; without it ``step`` stamps everything with its argument. After every handshake the decoder starts anew
    (``first_sample`` from 0), and a ``LinkStatus`` precedes it. With ``raw`` the bytes themselves are arrivals too, each read
    before what was decoded from it, so that bytes a decoder stumbles over are told all the same.
    """

    def __init__(
        self,
        driver: Driver,
        transport: Transport,
        *,
        port: str,
        clock: Clock | None = None,
        raw: bool = False,
    ) -> None:
        self._raw = raw
        self._driver = driver
        self._transport = transport
        self._clock = clock
        self._line = split_line(port)[1] or driver.info.serial
        self._out = Outbox(f"{driver.info.id}@{port}")
        self._watchdog = Watchdog(LinkTiming.for_driver(driver.info))
        self._commands: deque[DriverCommand] = deque()
        self._commands_lock = threading.Lock()
        self._before = Counters()  # of the decoder's earlier lives
        self._port_open = False
        self._opens = 0
        self._retry_s = _FIRST_RETRY_S
        self._retry_ns = 0
        self._first_byte_ns: int | None = None
        self._mute_until_ns = 0

    @property
    def source(self) -> str:
        """``driver@port``, the name every arrival carries."""
        return self._out.source

    @property
    def status(self) -> LinkStatus:
        """How the connection stood when last reported."""
        return self._out.status

    @property
    def provenance(self) -> Provenance:
        """Whether a person can be at the other end; settled once the port has been opened."""
        return self._transport.provenance

    @property
    def port_open(self) -> bool:
        """Whether the port is open now (which says nothing about a monitor being there)."""
        return self._port_open

    @property
    def next_open_ns(self) -> int:
        """When the port will be tried again, while it is not open."""
        return self._retry_ns

    @property
    def counters(self) -> Counters:
        """Decoder counters since the link was made, over all reconnections."""
        return _sum(self._before, self._driver.counters)

    def request(self, command: DriverCommand) -> bool:
        """Queue a command for the next step, from any thread; False when too many wait already.

        A start that finds no monitor streaming is answered with ``NibpResult(failure=NO_ANSWER)``, never kept for later.
        """
        with self._commands_lock:
            if len(self._commands) >= _MAX_COMMANDS:
                return False
            self._commands.append(command)
            return True

    def step(self, now_ns: int, read_timeout_s: float = 0.0) -> list[Arrival]:
        """Do what is due and return what was heard, waiting at most ``read_timeout_s`` for the first byte.

        With timeout 0 it never waits. While the port is not open it returns at once: wait until ``next_open_ns``.
        """
        self._out.now_ns = now_ns
        if self._out.status.state is not LinkState.CLOSED:
            try:
                if self._port_open or (now_ns >= self._retry_ns and self._open()):
                    self._exchange(read_timeout_s)
            except DeviceError as error:
                self._lose(str(error))
            if not self._port_open:
                self._send_commands()  # to say at once that nobody is there to take them
        return self._out.take()

    def fail(self, now_ns: int, reason: str) -> list[Arrival]:
        """Give up this attempt because of a defect in the program: LOST, to be opened anew like a lost port."""
        self._out.now_ns = now_ns
        if self._out.status.state is not LinkState.CLOSED:
            self._opens = max(self._opens, 1)
            self._lose(reason)
        return self._out.take()

    def close(self, now_ns: int) -> list[Arrival]:
        """Send the driver's farewell (stop the cuff, stop the streams), close the port, say CLOSED. Harmless twice."""
        self._out.now_ns = now_ns
        if self._out.status.state is LinkState.CLOSED:
            return self._out.take()
        if self._port_open:
            try:
                self._write(self._driver.closing())
            except DeviceError as error:  # it closes because it is gone, as often as not
                _log.debug("closing %s: %s", self.source, error)
            finally:
                self._port_open = False
                self._transport.close()
        self._out.end_cuff(NibpFailure.STOPPED)
        self._report(LinkState.CLOSED, "closed")
        return self._out.take()

    def _open(self) -> bool:
        try:
            self._transport.open()
        except DeviceError as error:
            self._lose(str(error))
            return False
        self._port_open = True
        self._opens += 1
        self._first_byte_ns = None
        self._mute_until_ns = 0
        self._report(LinkState.SEARCHING, _ZERO_BYTES)
        self._watchdog.opened(self._out.now_ns)
        self._shake_hands()
        if self._opens > 1 and self._driver.info.nibp is NibpTiming.HOST:
            # A cuff may have been left inflating when the port went (protocols.md §10.2); a start is never sent here.
            self._send(self._driver.command(DriverCommand.NIBP_STOP, self._out.now_ns))
        return True

    def _shake_hands(self) -> None:
        total = self.counters
        handshake = self._driver.opened(self._out.now_ns)
        self._before = total
        self._send(handshake)

    def _exchange(self, read_timeout_s: float) -> None:
        self._receive(read_timeout_s)
        self._out.emit(self._driver.tick(self._out.now_ns))
        self._send_commands()
        self._send(self._driver.due(self._out.now_ns))
        self._watch()

    def _receive(self, read_timeout_s: float) -> None:
        data = self._transport.read(read_timeout_s)
        if self._clock is not None and read_timeout_s > 0:
            self._out.now_ns = self._clock.monotonic_ns()
        if not data:
            return
        if self._raw:
            self._out.raw(data)
        self._watchdog.heard_bytes(self._out.now_ns)
        if self._first_byte_ns is None:
            self._first_byte_ns = self._out.now_ns
        frames_before = self._driver.counters.frames_ok
        signals = self._driver.feed(data, self._out.now_ns)
        if self._driver.counters.frames_ok > frames_before:
            self._watchdog.heard_frame(self._out.now_ns)
            self._retry_s = _FIRST_RETRY_S
            if self._out.status.state is not LinkState.STREAMING:
                self._report(LinkState.STREAMING, _RECEIVING)
        self._out.emit(signals)

    def _send_commands(self) -> None:
        with self._commands_lock:
            commands = list(self._commands)
            self._commands.clear()
        for command in commands:
            if command is DriverCommand.NIBP_START:
                self._start_cuff()
            elif self._port_open and not self._send(self._driver.command(command, self._out.now_ns)):
                self._commands.append(command)  # a stop must not get lost: again at the next step

    def _start_cuff(self) -> None:
        data = b""
        streaming = self._out.status.state is LinkState.STREAMING
        if streaming:
            data = self._driver.command(DriverCommand.NIBP_START, self._out.now_ns)
            if not data:
                return  # a measurement is running, or this family has no start
        self._out.cuff_started()
        if not streaming or not self._send(data):
            self._out.end_cuff(NibpFailure.NO_ANSWER)

    def _send(self, data: bytes) -> bool:
        """Write, unless the port has just refused to take anything: listening goes on meanwhile."""
        if not data:
            return True
        if self._out.now_ns < self._mute_until_ns:
            return False
        try:
            self._write(data)
        except DeviceTimeoutError as error:
            self._mute_until_ns = self._out.now_ns + round(_MUTE_S * NS_PER_S)
            self._report(self._out.status.state, str(error))
            return False
        if self._mute_until_ns:
            self._mute_until_ns = 0
            if self._out.status.state is LinkState.STREAMING:
                self._report(LinkState.STREAMING, _RECEIVING)
        return True

    def _write(self, data: bytes) -> None:
        self._transport.write(data)
        if self._raw:
            self._out.raw(data, sent=True)

    def _watch(self) -> None:
        verdict = self._watchdog.verdict(self._out.now_ns)
        quiet = f"{self._watchdog.quiet_s(self._out.now_ns):.0f} s"
        state = self._out.status.state
        if state is LinkState.STREAMING and verdict is not Verdict.FINE:
            state = LinkState.STALLED
            self._report(state, f"no valid frame for {quiet}")
        if verdict is Verdict.ASK_AGAIN:
            self._out.end_cuff(NibpFailure.NO_ANSWER)
            if state is LinkState.STALLED:
                self._report(state, f"no valid frame for {quiet}: asking the monitor again")
            else:
                self._out.repeat_status(self.counters)
            self._watchdog.asked(self._out.now_ns)
            self._shake_hands()
        elif verdict is Verdict.REOPEN:
            self._out.end_cuff(NibpFailure.NO_ANSWER)
            self._report(state, f"nothing received for {quiet}: opening the port again")
            self._transport.close()
            self._port_open = False
            self._retry_ns = self._out.now_ns
        elif state is LinkState.SEARCHING and self._only_rubbish():
            self._report(state, self._wrong_settings)
        if self._out.now_ns - self._out.status_ns >= _STATUS_EVERY_S * NS_PER_S:
            self._out.repeat_status(self.counters)

    def _only_rubbish(self) -> bool:
        since_ns = self._first_byte_ns
        return since_ns is not None and self._out.now_ns - since_ns >= _WRONG_SETTINGS_AFTER_S * NS_PER_S

    @property
    def _wrong_settings(self) -> str:
        s = self._line
        line = f"{s.baud} {s.bits}{s.parity}{s.stop_bits}"
        return f"bytes but no valid frame: check baud rate and parity, and that it is a {self._driver.info.name} ({line})"

    def _lose(self, reason: str) -> None:
        """Close what is left of the port and arrange to try again, later each time up to two seconds."""
        self._transport.close()
        self._port_open = False
        self._retry_ns = self._out.now_ns + round(self._retry_s * NS_PER_S)
        self._retry_s = min(2 * self._retry_s, _LAST_RETRY_S)
        self._report(LinkState.LOST if self._opens else LinkState.SEARCHING, reason)
        self._out.end_cuff(NibpFailure.NO_ANSWER)

    def _report(self, state: LinkState, detail: str) -> None:
        self._out.report(LinkStatus(state, detail, self.counters, max(0, self._opens - 1)))


def _sum(a: Counters, b: Counters) -> Counters:
    return Counters(
        a.bytes_in + b.bytes_in,
        a.frames_ok + b.frames_ok,
        a.frames_bad + b.frames_bad,
        a.resyncs + b.resyncs,
        a.bytes_discarded + b.bytes_discarded,
    )
