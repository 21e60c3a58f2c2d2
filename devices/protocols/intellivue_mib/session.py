"""The host's side of an association, as a state machine on the link's clock (protocols.md §3.3).

=========  ==========================================  ================================================================
state      what happens                                then
=========  ==========================================  ================================================================
ASKING     every 3 s                                   association request again
ASKING     accept                                      GREETED
ASKING     refuse                                      release now, request again after 5 s
GREETED    MDS create event                            ACTIVE: its result, wave priorities, the three polls, the MDS poll
GREETED    5 s without it                              release, ASKING
ACTIVE     4 s without sending                         MDS create result as a life tick (the monitor gives up after 10 s)
ACTIVE     a class silent for 5 s, or 300 s gone       its poll again (a poll is valid for 600 s)
ACTIVE     60 s                                        MDS poll, for the monitor's clock
ACTIVE     error for a poll                            that class is not asked for again
ACTIVE     6 s without any answer                      release, ASKING: the monitor was restarted, or ended the session unheard
any        abort                                       ASKING, request after 1 s
=========  ==========================================  ================================================================
"""

from collections import deque
from enum import Enum, auto

from devices.clock import NS_PER_MS, NS_PER_S
from devices.protocols.intellivue_mib.association import RELEASE, PollProfile, association_request
from devices.protocols.intellivue_mib.decoder import Heard
from devices.protocols.intellivue_mib.frames import encode_frame
from devices.protocols.intellivue_mib.nomenclature import ObjectClass, Physio
from devices.protocols.intellivue_mib.requests import (
    MDS_CREATE_RESULT,
    class_of_invoke,
    extended_poll,
    single_poll,
    wave_priorities,
)

REQUEST_AGAIN_NS = 3 * NS_PER_S
AFTER_REFUSAL_NS = 5 * NS_PER_S
AFTER_ABORT_NS = NS_PER_S
GREETING_NS = 5 * NS_PER_S
LIFE_TICK_NS = 4 * NS_PER_S
SILENT_CLASS_NS = 5 * NS_PER_S
SILENT_NS = 6 * NS_PER_S
RENEW_NS = 300 * NS_PER_S
CLOCK_NS = 60 * NS_PER_S
SPACING_NS = 50 * NS_PER_MS
"""Three frames in 128 ms at most; the monitor takes four (protocols.md §3.1)."""

WAVES = (0x0102, 0x0101, 0x0143, Physio.PLETH, Physio.RESP)
"""Leads II, I and V, pleth and resp: at most three ECG leads are exported (protocols.md §0)."""
_POLLED = (ObjectClass.NUMERIC, ObjectClass.WAVE, ObjectClass.ALARMS)


class _State(Enum):
    ASKING = auto()
    GREETED = auto()
    ACTIVE = auto()


class HostSession:
    """Asks for an association, keeps it alive, polls, and begins again when it ends. ``due`` must be called often."""

    def __init__(self, now_ns: int, *, was_open: bool = False) -> None:
        self._state = _State.ASKING
        self._request_ns = now_ns
        self._greeted_ns = 0  # accepted, or greeted
        self._answer_ns = 0
        self._queue: deque[bytes] = deque()
        self._sent_ns = now_ns - SPACING_NS
        self._refused: set[ObjectClass] = set()
        self._asked_ns: dict[ObjectClass, int] = {}
        self._heard_ns: dict[ObjectClass, int] = {}
        self._now_ns = now_ns
        # A session that this program held may still stand on the monitor, which would refuse a second one.
        self._first = (RELEASE,) if was_open else ()

    @property
    def active(self) -> bool:
        """Whether the association stands."""
        return self._state is _State.ACTIVE

    def open(self) -> bytes:
        """Return the first frames: an association request, after a release where a session may have been left over."""
        self._request_ns = self._now_ns + REQUEST_AGAIN_NS
        self._sent_ns = self._now_ns
        return b"".join(map(encode_frame, (*self._first, association_request(PollProfile()))))

    def heard(self, what: Heard, number: int, now_ns: int) -> None:
        """Take what the decoder heard at ``now_ns``."""
        self._now_ns = now_ns
        if what is Heard.POLLED:
            self._answer_ns = now_ns
            if number in _POLLED:
                self._heard_ns[ObjectClass(number)] = now_ns
        elif what is Heard.ACCEPTED:
            self._state, self._greeted_ns = _State.GREETED, now_ns
            self._queue.clear()
        elif what is Heard.MDS_CREATED:
            self._greet()
        elif what is Heard.ERROR:
            refused = class_of_invoke(number)
            if refused is not None:
                self._refused.add(refused)
        elif what is Heard.REFUSED:
            self._ask_after(AFTER_REFUSAL_NS, RELEASE)
        elif what is Heard.ABORTED:
            self._ask_after(AFTER_ABORT_NS)

    def due(self, now_ns: int) -> bytes:
        """Return the frame to be sent now, if any: never more than one in 50 ms."""
        self._now_ns = now_ns
        if now_ns - self._sent_ns < SPACING_NS:
            return b""
        if not self._queue:
            self._plan()
        if not self._queue:
            return b""
        self._sent_ns = now_ns
        return encode_frame(self._queue.popleft())

    def close(self) -> bytes:
        """Return the release; harmless where there is no association."""
        return encode_frame(RELEASE)

    def _plan(self) -> None:
        """Queue what time demands."""
        now_ns = self._now_ns
        if self._state is _State.GREETED and now_ns - self._greeted_ns >= GREETING_NS:
            self._ask_after(AFTER_ABORT_NS, RELEASE)
        elif self._state is _State.ASKING and now_ns >= self._request_ns:
            self._request_ns = now_ns + REQUEST_AGAIN_NS
            self._queue.append(association_request(PollProfile()))
        elif self._state is _State.ACTIVE and now_ns - max(self._answer_ns, self._greeted_ns) >= SILENT_NS:
            self._ask_after(0, RELEASE)
        elif self._state is _State.ACTIVE:
            self._poll_what_is_due()
            if not self._queue and now_ns - self._sent_ns >= LIFE_TICK_NS:
                self._queue.append(MDS_CREATE_RESULT)

    def _poll_what_is_due(self) -> None:
        for kind in _POLLED:
            asked_ns = self._asked_ns[kind]
            heard_ns = max(asked_ns, self._heard_ns.get(kind, asked_ns))
            silent = self._now_ns - heard_ns >= SILENT_CLASS_NS
            if kind not in self._refused and (silent or self._now_ns - asked_ns >= RENEW_NS):
                self._ask(kind)
        if (
            ObjectClass.MDS not in self._refused
            and self._now_ns - self._asked_ns[ObjectClass.MDS] >= CLOCK_NS
        ):
            self._ask(ObjectClass.MDS)

    def _greet(self) -> None:
        # A monitor that did not hear the result says it again: the answer is the same.
        self._queue.append(MDS_CREATE_RESULT)
        if self._state is _State.ACTIVE:
            return
        self._state, self._greeted_ns = _State.ACTIVE, self._now_ns
        self._refused.clear()
        self._queue.append(wave_priorities(WAVES))
        for kind in (*_POLLED, ObjectClass.MDS):
            self._ask(kind)

    def _ask(self, kind: ObjectClass) -> None:
        self._asked_ns[kind] = self._now_ns
        self._queue.append(single_poll(kind) if kind is ObjectClass.MDS else extended_poll(kind))

    def _ask_after(self, wait_ns: int, *first: bytes) -> None:
        self._state = _State.ASKING
        self._queue.clear()
        self._queue.extend(first)
        self._request_ns = self._now_ns + wait_ns
