"""An emulated IntelliVue with its data export on: the monitor's end of the wire (protocols.md §3, §12)."""

import struct

import numpy as np

from devices.patient import PatientSource
from devices.protocols.intellivue_mib.association import (
    ABORT,
    REFUSED,
    RELEASED,
    Extension,
    PollProfile,
    Session,
    association_accept,
    read_profile,
)
from devices.protocols.intellivue_mib.cuff_model import CuffModel
from devices.protocols.intellivue_mib.export import Export
from devices.protocols.intellivue_mib.frames import FrameReader, encode_frame
from devices.protocols.intellivue_mib.messages import DATA, read_message
from devices.protocols.intellivue_mib.nomenclature import Command, Operation

OWN_MTU = 996
_SHORTEST_POLL_TICKS = 2000
_OFFERED = Extension.NUMERICS_1_S | Extension.WAVES | Extension.ENUMERATIONS | Extension.NUMERIC_PRIORITIES
"""MTU 996 and extension 8E000000 are what the real monitor of protocols.md §3.5 answered."""
_NEVER = float("inf")


class IntellivueMonitor:
    """A monitor with its sensors on a patient; it times its own cuff (``CuffPanel``).

    Silent until an association is asked for, and one at a time: a second is refused. It answers no poll before the host has
    answered its MDS create event, and aborts an association whose host says nothing for as long as ``PollProfile`` has it.
    """

    def __init__(self, patient: PatientSource, *, seed: int) -> None:
        self._patient = patient
        self._cuff = CuffModel(patient, np.random.default_rng(seed))
        self._export = Export(patient, self._cuff)
        self._reader = FrameReader()
        self._now_s = 0.0
        self._heard_s = 0.0
        self._out: list[bytes] = []
        self._profile: PollProfile | None = None
        self._greeted = False

    @property
    def associated(self) -> bool:
        """Whether an association stands."""
        return self._profile is not None

    def receive(self, data: bytes) -> None:
        """See ``MonitorSide``. What is heard takes effect at the instant last advanced to."""
        for payload in self._reader.feed(data):
            self._heard_s = self._now_s
            try:
                self._take(payload)
            except (struct.error, ValueError, IndexError):
                continue  # not understood: ignored

    def advance(self, until_s: float) -> bytes:
        """See ``MonitorSide``."""
        while (event_s := max(self._now_s, self._next_event_s())) <= until_s:
            self._now_s = event_s
            self._patient.advance(event_s)
            self._step(event_s)
        self._now_s = max(self._now_s, until_s)
        self._patient.advance(self._now_s)
        out, self._out = self._out, []
        return b"".join(map(encode_frame, out))

    def press_nibp(self) -> None:
        """See ``CuffPanel``."""
        self._cuff.press(self._now_s)

    def set_nibp_auto(self, interval_min: int | None) -> None:
        """See ``CuffPanel``."""
        self._cuff.set_auto(interval_min, self._now_s)

    def set_demo(self, *, on: bool) -> None:
        """Put the monitor into demonstration mode or out of it."""
        self._export.demo = on

    def set_clock(self, posix_s: float) -> None:
        """Set the monitor's wall clock, as a person does; it may go back."""
        self._export.time.wall_offset_s = posix_s - self._now_s

    def _next_event_s(self) -> float:
        timeout_s = _NEVER if self._profile is None else self._heard_s + self._profile.timeout_s
        return min(timeout_s, self._cuff.next_event_s, self._export.next_event_s)

    def _step(self, at_s: float) -> None:
        self._cuff.step(at_s, self._export.time.wall_s(at_s))
        self._out += self._export.step(at_s)
        if self._profile is not None and at_s - self._heard_s >= self._profile.timeout_s:
            self._out.append(ABORT)
            self._end()

    def _take(self, payload: bytes) -> None:
        kind = payload[0]
        if kind == Session.REQUEST:
            self._associate(payload)
        elif self._profile is None:
            return  # no association: not even an error
        elif kind == Session.RELEASE:
            self._end()
            self._out.append(RELEASED)
        elif kind == Session.ABORT:
            self._end()
        elif kind == DATA:
            message = read_message(payload)
            if message.kind == Operation.RESULT and message.command == Command.CONFIRMED_EVENT:
                self._greeted = True
            elif self._greeted:
                self._out += self._export.take(message, self._now_s)

    def _associate(self, payload: bytes) -> None:
        asked = read_profile(payload)
        if self._profile is not None or asked is None:
            self._out.append(REFUSED)
            return
        self._profile = PollProfile(
            max(asked.min_poll_ticks, _SHORTEST_POLL_TICKS),
            min(asked.receive_mtu, OWN_MTU),
            min(asked.send_mtu, OWN_MTU),
            asked.extension & _OFFERED,
        )
        self._greeted = False
        self._export.begin(self._profile)
        self._out += [association_accept(self._profile), self._export.mds_create(self._now_s)]

    def _end(self) -> None:
        self._profile = None
        self._greeted = False
        self._export.begin(PollProfile())
