"""Which monitor speaks on a port: listen first, then ask what changes nothing; never by name alone (protocols.md §11).

Stepped by its caller: no thread, no waiting of its own, time is an argument. What is sent is only what ``Driver.probe``
returns for the drivers that may ask: never a handshake, a setting, or a cuff command.
"""

from collections.abc import Callable, Collection, Generator, Sequence

from devices.clock import NS_PER_S
from devices.drivers.base import Driver, SerialSettings
from devices.errors import DeviceError, DeviceLostError, DeviceNotFoundError, DeviceTimeoutError
from devices.probe_listener import EchoFilter, Listener
from devices.probe_plan import BRIEF_LISTEN_S, Turn, questions, turns
from devices.probe_report import Heard, PortReport, Try, line_words
from devices.transport.base import Transport

ANSWER_S = 1.5
"""Time for a monitor to answer one question."""
GIVE_UP_AFTER = 2
PATIENT_GIVE_UP_AFTER = 5
"""Unanswered questions that end it: two, or five of a monitor that has answered once (datex-dri answers every 5 s)."""
ASK_AT_MOST = 10
SETTLE_S = 0.4
"""After one family fits, others get this long to fit as well."""

OpenPort = Callable[[SerialSettings], Transport]
Course = Generator[None, None, None]


class PortProbe:
    """The search of one port. One thread calls ``step`` until it returns False; ``report`` is then final.

    ``listen_for``: the drivers whose frames are recognised. ``ask``: ids of those that may also put their question.
    ``line_matters``: whether this port has a speed and a parity at all.
    """

    def __init__(
        self,
        open_port: OpenPort,
        listen_for: Sequence[Driver],
        *,
        ask: Collection[str] = (),
        line_matters: bool = True,
    ) -> None:
        self._open_port = open_port
        self._turns = turns(listen_for, line_matters=line_matters)
        self._ask = frozenset(ask)
        self._has_line = line_matters
        self._now_ns = 0
        self._wait_s = 0.0
        self._port: Transport | None = None
        self._opened = False
        self._reason = ""
        self._found: tuple[str, ...] = ()
        self._line: SerialSettings | None = None
        self._after_asking = False
        self._echo = EchoFilter()
        self._blocked = False
        self._tries: dict[tuple[str, SerialSettings], Try] = {}
        self._bytes_in = 0
        self._sample = b""
        self._progress = "opening"
        self._over = False
        self._course = self._search()

    @property
    def progress(self) -> str:
        """What is being done now, in words."""
        return self._progress

    @property
    def report(self) -> PortReport:
        """What has been found so far."""
        return PortReport(
            heard=self._heard(),
            found=self._found,
            line=self._line if self._has_line else None,
            after_asking=self._after_asking,
            bytes_in=self._bytes_in,
            tries=tuple(self._tries.values()),
            echo=self._echo.heard,
            blocked=self._blocked,
            reason=self._reason,
            sample=self._sample,
        )

    def step(self, now_ns: int, read_timeout_s: float = 0.0) -> bool:
        """Go on, waiting at most ``read_timeout_s`` for bytes; False when the search is over and the port closed."""
        if self._over:
            return False
        self._now_ns, self._wait_s = now_ns, read_timeout_s
        try:
            next(self._course)
        except StopIteration:
            self.cancel()
        except DeviceError as error:
            self._reason = str(error)
            self._opened = self._opened and not isinstance(error, DeviceLostError)
            self.cancel()
        except BaseException:
            self.cancel()
            raise
        return not self._over

    def cancel(self) -> None:
        """End it and close the port. Harmless when it is over."""
        self._over = True
        self._close()

    def _heard(self) -> Heard:
        if self._found:
            return Heard.STREAMING
        if not self._opened:
            return Heard.NOT_OPENED
        return Heard.BYTES_NO_FRAME if self._bytes_in else Heard.SILENT

    def _search(self) -> Course:
        for turn in self._turns:
            if self._open(turn):
                yield from self._listen(turn)
                if self._found:
                    return
        for turn in self._turns:
            asking = questions(turn, self._ask, self._now_ns)
            if asking and self._open(turn):
                for driver in asking:
                    yield from self._put_question(turn, driver)
                    if self._found:
                        return

    def _open(self, turn: Turn) -> bool:
        """Open the port with these settings; False where the adapter does not take them. Raises DeviceNotFoundError."""
        if self._port is not None and self._line == turn.line:
            return True
        self._close()
        port = self._open_port(turn.line)
        try:
            port.open()
        except DeviceNotFoundError:
            raise
        except DeviceError as error:
            self._reason = self._reason or str(error)
            return False
        self._port, self._line, self._opened, self._reason = port, turn.line, True, ""
        return True

    def _listen(self, turn: Turn) -> Course:
        self._progress = f"listening{self._at(turn)}"
        seconds = turn.listen_s if self._bytes_in else BRIEF_LISTEN_S
        if not self._tries:  # a silent port is waited at once for as long as the slowest family needs
            seconds = max(one.listen_s for one in self._turns)
        listener = Listener(turn.drivers)
        yield from self._hear(listener, turn, seconds)
        self._keep(listener, turn, asked="")

    def _put_question(self, turn: Turn, driver: Driver) -> Course:
        self._progress = f"asking {driver.info.name}{self._at(turn)}"
        listener, unanswered = Listener(turn.drivers), 0
        for _ in range(ASK_AT_MOST):
            assert self._port is not None
            question = driver.probe(self._now_ns)
            self._echo.sent(question)
            try:
                self._port.write(question)
            except DeviceTimeoutError:  # no CTS, as often as not; another family may need none
                self._blocked = True
                break
            before = listener.frames_of(driver)
            yield from self._hear(listener, turn, ANSWER_S, answer_of=driver)
            unanswered = 0 if listener.frames_of(driver) > before else unanswered + 1
            patience = PATIENT_GIVE_UP_AFTER if listener.frames_of(driver) else GIVE_UP_AFTER
            if self._found or unanswered == patience:
                break
        self._after_asking = bool(self._found)
        self._keep(listener, turn, asked=driver.info.id)

    def _hear(
        self, listener: Listener, turn: Turn, seconds: float, *, answer_of: Driver | None = None
    ) -> Course:
        """Listen until a family fits and others had their chance, an answer has come, or time is over."""
        assert self._port is not None
        end_ns = self._now_ns + round(seconds * NS_PER_S)
        before = listener.frames_of(answer_of) if answer_of else 0
        fits = False
        while self._now_ns < end_ns:
            data = self._port.read(self._wait_s)
            self._bytes_in += len(data)
            listener.feed(self._echo.strip(data))
            if not fits and listener.fitting():
                fits = True
                settle_ns = round(SETTLE_S * NS_PER_S) if len(turn.drivers) > 1 else 0
                end_ns = min(end_ns, self._now_ns + settle_ns)
            elif not fits and answer_of is not None and listener.frames_of(answer_of) > before:
                break
            yield
        self._found = listener.fitting()

    def _keep(self, listener: Listener, turn: Turn, *, asked: str) -> None:
        """Note what came for the report."""
        if len(listener.sample) > len(self._sample):
            self._sample = listener.sample
        for evidence in listener.evidence():
            key = (evidence.driver_id, turn.line)
            before = self._tries.get(key, Try(evidence.driver_id, turn.line))
            self._tries[key] = Try(
                evidence.driver_id,
                turn.line,
                bytes_in=before.bytes_in + listener.bytes_in,
                frames_ok=before.frames_ok + evidence.frames_ok,
                listened=True,
                asked=before.asked or asked == evidence.driver_id,
            )

    def _at(self, turn: Turn) -> str:
        return f" at {line_words(turn.line)}" if self._has_line else ""

    def _close(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            port.close()
