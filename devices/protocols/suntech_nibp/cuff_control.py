"""The host's side of the cuff: start, wait, fetch; one measurement at a time, never without an end (protocols.md §8.1, §10).

==========  =============================  ======================================================
stage       waits for                      and then
==========  =============================  ======================================================
idle        –                              asks for the cuff pressure each second, and tells it
starting    "O", or a rising pressure      measuring; "B": starts again in a second; "S": at once
measuring   "K", asking the pressure       fetching; "A": stopped; 120 s: abort, took too long
fetching    the result record              its reading or its cause; "B" or silence: asks again
stopping    "A" or "K"                     idle; silence: aborts again
==========  =============================  ======================================================
"""

from enum import Enum

from devices.clock import NS_PER_MS, NS_PER_S
from devices.protocols.suntech_nibp.cuff_watch import INFLATED_MMHG
from devices.protocols.suntech_nibp.messages import (
    ABORT,
    GET_PRESSURE,
    GET_RESULT,
    START,
    Answer,
    CuffPressure,
    ErrorNote,
    Message,
    Reading,
    result_of,
)
from devices.signals import DeviceStatus, NibpFailure, NibpPhase, NibpProgress, NibpResult, Signal

TIMEOUT_NS = 120 * NS_PER_S
"""Longest measurement (protocols.md §8.1)."""
ANSWER_NS = 5 * NS_PER_S
"""A start that changes nothing within this time was not heard."""
BUSY_NS = 30 * NS_PER_S
"""A start is repeated to a busy module for so long; it may be letting the last air out."""
POLL_NS = 250 * NS_PER_MS
"""Four pressures a second while measuring: the document asks for two to five."""
IDLE_POLL_NS = NS_PER_S
_RETRY_NS = NS_PER_S
_LATE_ANSWER_NS = 1500 * NS_PER_MS
"""After this an "O" may have been lost on the wire, and the pressure tells whether the cuff works."""
_FETCHES = 5
_STOP_TOLD_NS = 3 * NS_PER_S
_STOP_TRIES = 10
_EMPTY_MMHG, _EMPTY_NS = 10, 5 * NS_PER_S
"""A cuff that was inflated and has been empty for so long is done, even if its "K" was lost."""
_IDLE = NibpProgress(NibpPhase.IDLE)


class Stage(Enum):
    """Where a measurement stands."""

    IDLE = "idle"
    STARTING = "starting"
    MEASURING = "measuring"
    FETCHING = "fetching"
    STOPPING = "stopping"


class CuffControl:
    """Runs the dialogue.

    ``on_message`` takes what the decoder heard; ``poll`` does what time brings and must be called before ``take_signals``
    and ``take_bytes``.
    """

    def __init__(self) -> None:
        self._stage = Stage.IDLE
        self._asked_ns = 0  # when somebody wanted the measurement
        self._begun_ns = 0  # when the start was sent last
        self._entered_ns = 0  # when this stage began
        self._sent_ns = 0  # when something was sent last
        self._tries = 0
        self._retry_at_ns: int | None = None  # a busy module is asked again then
        self._shown_mmhg: int | None = None
        self._inflated = False
        self._empty_ns: int | None = None
        self._owed = False  # a started measurement whose end has not been told
        self._errors = ErrorNote()
        self._busy_told = False
        self._signals: list[Signal] = []
        self._to_send = b""

    @property
    def busy(self) -> bool:
        """Whether a measurement was asked for, is running or is being stopped."""
        return self._stage is not Stage.IDLE

    @property
    def owed(self) -> bool:
        """Whether the end of a measurement must still be told."""
        return self._owed

    def start(self, now_ns: int) -> bytes:
        """Return the start; nothing while a measurement is running."""
        if self.busy:
            return b""
        self._enter(Stage.STARTING, now_ns)
        self._asked_ns = self._begun_ns = self._sent_ns = now_ns
        self._owed = True
        self._shown_mmhg, self._inflated, self._empty_ns, self._retry_at_ns = None, False, None, None
        return START

    def stop(self, now_ns: int) -> bytes:
        """Return the abort; it does no harm while idle."""
        if self.busy and self._stage is not Stage.STOPPING:
            self._enter(Stage.STOPPING, now_ns)
        self._sent_ns = now_ns
        return ABORT

    def on_message(self, message: Message, now_ns: int) -> list[Signal]:
        """Take a message heard at ``now_ns``, return what it means."""
        said = self._signals
        self._signals = []
        if isinstance(message, Reading):
            self._take_reading(message)
        elif isinstance(message, CuffPressure):
            self._take_pressure(message.mmhg, now_ns)
        elif isinstance(message, Answer):
            self._take_answer(message, now_ns)
        meant, self._signals = self._signals, said
        return meant

    def poll(self, now_ns: int) -> None:
        """Let time do its work: polls, unanswered starts, overlong measurements, results and stops without an answer."""
        since_ns = now_ns - self._entered_ns
        if self._stage is Stage.STARTING:
            self._poll_starting(now_ns, since_ns)
        elif self._stage is Stage.MEASURING:
            if now_ns - self._begun_ns >= TIMEOUT_NS:
                self._fail(NibpFailure.TIMED_OUT, now_ns)
            elif self._empty_ns is not None and now_ns - self._empty_ns >= _EMPTY_NS:
                self._fetch(now_ns)
            else:
                self._ask(GET_PRESSURE, POLL_NS, now_ns)
        elif self._stage is Stage.FETCHING:
            self._poll_fetching(now_ns)
        elif self._stage is Stage.STOPPING:
            self._poll_stopping(now_ns, since_ns)
        else:
            self._ask(GET_PRESSURE, IDLE_POLL_NS, now_ns)

    def take_signals(self) -> list[Signal]:
        """Return what ``poll`` found, once."""
        signals, self._signals = self._signals, []
        return signals

    def take_bytes(self) -> bytes:
        """Return what is to be sent, once."""
        data, self._to_send = self._to_send, b""
        return data

    def _take_answer(self, answer: Answer, now_ns: int) -> None:
        stage = self._stage
        if stage is Stage.STARTING:
            self._take_start_answer(answer, now_ns)
        elif stage is Stage.MEASURING and answer is Answer.DONE:
            self._fetch(now_ns)
        elif stage is Stage.MEASURING and answer is Answer.ABORTED:
            self._end(NibpResult(None, None, None, failure=NibpFailure.STOPPED))
        elif stage in (Stage.MEASURING, Stage.FETCHING) and answer is Answer.ASLEEP:
            # It has forgotten the measurement; what it would answer now is an older result.
            self._fail(NibpFailure.ERROR, now_ns)
        elif stage is Stage.FETCHING and answer is Answer.BUSY:
            self._retry_at_ns = now_ns + _RETRY_NS // 2
        elif stage is Stage.STOPPING and answer in (Answer.ABORTED, Answer.DONE):
            self._end(NibpResult(None, None, None, failure=NibpFailure.STOPPED))

    def _take_start_answer(self, answer: Answer, now_ns: int) -> None:
        if answer is Answer.RECEIVED:
            self._measuring(None, now_ns)
        elif answer is Answer.BUSY and self._retry_at_ns is None:
            self._retry_at_ns = now_ns + _RETRY_NS
            self._signals.append(_IDLE)
            if not self._busy_told:
                self._busy_told = True
                self._signals.append(DeviceStatus("NIBP_BUSY", active=True))
        elif answer is Answer.ASLEEP and self._retry_at_ns is None:
            self._retry_at_ns = now_ns  # that woke it

    def _take_pressure(self, mmhg: int, now_ns: int) -> None:
        if self._stage is Stage.IDLE:
            # Says nothing new but that the module is there: without it a silent module and a resting one look alike.
            self._signals.append(NibpProgress(NibpPhase.IDLE, mmhg))
        elif self._stage is Stage.STARTING and mmhg >= INFLATED_MMHG and self._retry_at_ns is None:
            self._measuring(mmhg, now_ns)
        elif self._stage is Stage.MEASURING:
            self._inflated |= mmhg >= INFLATED_MMHG
            if not self._inflated or mmhg >= _EMPTY_MMHG:
                self._empty_ns = None
            elif self._empty_ns is None:
                self._empty_ns = now_ns
            if mmhg != self._shown_mmhg:
                self._shown_mmhg = mmhg
                self._signals.append(NibpProgress(NibpPhase.MEASURING, mmhg))
        elif (
            self._stage is Stage.STOPPING
            and mmhg < _EMPTY_MMHG
            and now_ns - self._entered_ns >= 2 * _STOP_TOLD_NS
        ):
            self._end(NibpResult(None, None, None, failure=NibpFailure.STOPPED))

    def _take_reading(self, reading: Reading) -> None:
        if self._stage is not Stage.FETCHING:
            return  # an answer that came twice, or to somebody else's question: never a new reading
        self._signals += self._errors.take(reading)
        self._end(result_of(reading))

    def _measuring(self, mmhg: int | None, now_ns: int) -> None:
        self._enter(Stage.MEASURING, now_ns)
        self._inflated = mmhg is not None
        self._shown_mmhg = mmhg
        self._no_longer_busy()
        self._signals.append(NibpProgress(NibpPhase.MEASURING, mmhg))

    def _poll_starting(self, now_ns: int, since_ns: int) -> None:
        if self._retry_at_ns is not None:
            if now_ns - self._asked_ns >= BUSY_NS:
                self._fail(NibpFailure.ERROR, now_ns)
            elif now_ns >= self._retry_at_ns:
                self._retry_at_ns = None
                self._enter(Stage.STARTING, now_ns)
                self._begun_ns = now_ns
                self._send(START, now_ns)
        elif since_ns >= ANSWER_NS:
            self._fail(NibpFailure.NO_ANSWER, now_ns)
        elif since_ns >= _LATE_ANSWER_NS:
            self._ask(GET_PRESSURE, POLL_NS, now_ns)

    def _fetch(self, now_ns: int) -> None:
        self._enter(Stage.FETCHING, now_ns)
        self._retry_at_ns = None
        self._tries = 1
        self._send(GET_RESULT, now_ns)

    def _poll_fetching(self, now_ns: int) -> None:
        again_ns = self._sent_ns + _RETRY_NS if self._retry_at_ns is None else self._retry_at_ns
        if now_ns < again_ns:
            return
        if self._tries >= _FETCHES:
            self._fail(NibpFailure.NO_ANSWER, now_ns)
            return
        self._tries += 1
        self._retry_at_ns = None
        self._send(GET_RESULT, now_ns)

    def _poll_stopping(self, now_ns: int, since_ns: int) -> None:
        if self._owed and since_ns >= _STOP_TOLD_NS:
            self._tell_end(NibpResult(None, None, None, failure=NibpFailure.STOPPED))
        if now_ns - self._sent_ns < _RETRY_NS:
            return
        self._tries += 1
        if self._tries > _STOP_TRIES:
            self._end(NibpResult(None, None, None, failure=NibpFailure.STOPPED))
            return
        self._send(ABORT + GET_PRESSURE, now_ns)

    def _end(self, result: NibpResult) -> None:
        self._stage = Stage.IDLE
        self._tell_end(result)
        self._signals.append(_IDLE)

    def _fail(self, failure: NibpFailure, now_ns: int) -> None:
        """Report the end ourselves and make sure that the cuff lets go of the arm."""
        self._tell_end(NibpResult(None, None, None, failure=failure))
        self._enter(Stage.STOPPING, now_ns)
        self._send(ABORT, now_ns)

    def _tell_end(self, result: NibpResult) -> None:
        self._no_longer_busy()
        if self._owed:
            self._owed = False
            self._signals.append(result)

    def _no_longer_busy(self) -> None:
        if self._busy_told:
            self._busy_told = False
            self._signals.append(DeviceStatus("NIBP_BUSY", active=False))

    def _ask(self, question: bytes, every_ns: int, now_ns: int) -> None:
        if now_ns - self._sent_ns >= every_ns:
            self._send(question, now_ns)

    def _send(self, data: bytes, now_ns: int) -> None:
        self._to_send += data
        self._sent_ns = now_ns

    def _enter(self, stage: Stage, now_ns: int) -> None:
        self._stage = stage
        self._entered_ns = now_ns
        self._tries = 0
