"""The data export of an emulated monitor while an association stands: polls, wave priorities, the MDS object."""

import struct
from dataclasses import dataclass

from devices.patient import PatientSource
from devices.protocols.device_time import SEEDED_START_S
from devices.protocols.intellivue_mib.association import TICKS_1_S, Extension, PollProfile
from devices.protocols.intellivue_mib.cuff_model import CuffModel
from devices.protocols.intellivue_mib.identity import SIMULATOR_NAME, pack_mds
from devices.protocols.intellivue_mib.messages import (
    THE_MONITOR,
    Message,
    PolledObject,
    pack_attributes,
    pack_message,
    read_attributes,
)
from devices.protocols.intellivue_mib.monitor_alarms import AlarmObject
from devices.protocols.intellivue_mib.monitor_numerics import NumericObjects
from devices.protocols.intellivue_mib.monitor_waves import BLOCK_S, WaveObjects, block_before
from devices.protocols.intellivue_mib.nomenclature import (
    MDS_CREATE,
    WAVE_PRIORITIES,
    Command,
    ObjectClass,
    Operation,
)
from devices.protocols.intellivue_mib.poll_answers import (
    ACCESS_DENIED,
    NO_SUCH_ACTION,
    PollRequest,
    RefusedRequestError,
    RunningPoll,
    answer,
    read_poll,
)
from devices.protocols.intellivue_mib.values import TICKS_PER_S, State
from devices.signals import DeviceIdentity

IDENTITY = DeviceIdentity("Chairside", SIMULATOR_NAME, "SIM0000001", "1.0", simulator=True)
_ALREADY_ON_S = 120.0  # relative time does not begin at 0
_MDS_HANDLE = 0x0001


@dataclass(slots=True)
class MonitorTime:
    """The monitor's two clocks on the patient's time axis."""

    wall_offset_s: float = SEEDED_START_S

    def wall_s(self, at_s: float) -> float:
        """Return what its wall clock shows."""
        return self.wall_offset_s + at_s

    def ticks(self, at_s: float) -> int:
        """Return its relative time."""
        return round((at_s + _ALREADY_ON_S) * TICKS_PER_S) & 0xFFFFFFFF


class Export:
    """What the monitor exports of one patient. Stepped at the times ``next_event_s`` names."""

    def __init__(self, patient: PatientSource, cuff: CuffModel) -> None:
        self.time = MonitorTime()
        self.demo = False
        self._cuff = cuff
        self._waves = WaveObjects(patient)
        self._numerics = NumericObjects(patient, cuff)
        self._alarms = AlarmObject(patient, cuff)
        self._profile = PollProfile()
        self._running: dict[ObjectClass, RunningPoll] = {}
        self._priorities = b""

    @property
    def next_event_s(self) -> float:
        """When the next answer to a running poll is due."""
        return min((poll.next_s for poll in self._running.values()), default=float("inf"))

    def begin(self, profile: PollProfile) -> None:
        """Forget the last association's polls."""
        self._profile = profile
        self._running.clear()

    def mds_create(self, at_s: float) -> bytes:
        """Return the event that follows an accepted association."""
        ticks = self.time.ticks(at_s)
        created = THE_MONITOR + self._mds(at_s)
        body = THE_MONITOR + struct.pack(">IHH", ticks, MDS_CREATE, len(created)) + created
        return pack_message(Operation.INVOKE, Command.CONFIRMED_EVENT, invoke_id=1, body=body)

    def take(self, message: Message, at_s: float) -> list[bytes]:
        """Return the answers to a request that are due at once.

        :raises struct.error: it is cut off.
        """
        if message.kind != Operation.INVOKE:
            return []
        try:
            return self._do(message, at_s)
        except RefusedRequestError as refused:
            return [pack_message(Operation.ERROR, refused.number, invoke_id=message.invoke_id, body=b"")]

    def step(self, at_s: float) -> list[bytes]:
        """Return the answers of running polls that are due; the patient must have been advanced to ``at_s``."""
        payloads: list[bytes] = []
        for kind, poll in list(self._running.items()):
            if poll.over:
                del self._running[kind]
            elif poll.next_s <= at_s:
                payloads += self._answer(poll.request, poll.sequence, at_s)
                poll.answered()
        return payloads

    def _do(self, message: Message, at_s: float) -> list[bytes]:
        if message.command == Command.CONFIRMED_ACTION:
            return self._start_poll(read_poll(message), at_s)
        if message.command == Command.CONFIRMED_SET:
            return [self._set(message)]
        if message.command == Command.GET:
            return [self._get(message)]
        raise RefusedRequestError(NO_SUCH_ACTION)

    def _start_poll(self, request: PollRequest, at_s: float) -> list[bytes]:
        if request.kind is ObjectClass.WAVE and not self._profile.extension & Extension.WAVES:
            raise RefusedRequestError(ACCESS_DENIED)
        if request.valid_s is None:
            return self._answer(request, 1, at_s)
        period_s = max(self._profile.min_poll_ticks / TICKS_1_S, 1.0)
        next_s = at_s
        if request.kind is ObjectClass.WAVE:
            # Blocks lie on the monitor's own grid, whenever it was asked.
            period_s, next_s = BLOCK_S, (block_before(at_s) + 1) * BLOCK_S
            self._waves.restart()
        running = self._running.get(request.kind)
        if running is not None:
            next_s = running.next_s  # a renewed poll goes on as it went
        poll = RunningPoll(request, next_s=next_s, period_s=period_s, until_s=at_s + request.valid_s)
        poll.sequence = 0 if running is None else running.sequence
        self._running[request.kind] = poll
        return []

    def _answer(self, request: PollRequest, sequence: int, at_s: float) -> list[bytes]:
        """Return one answer; the first of a series lists its objects without any value (protocols.md §3.4)."""
        state = State.DEMO if self.demo else State(0)
        objects: list[PolledObject]
        if request.kind is ObjectClass.NUMERIC:
            objects = self._numerics.listed() if sequence == 0 else self._numerics.now(state)
        elif request.kind is ObjectClass.WAVE:
            objects = self._waves.listed() if sequence == 0 else self._waves.now(at_s, state)
        elif request.kind is ObjectClass.ALARMS:
            objects = self._alarms.now(demo=self.demo)
        else:
            objects = [PolledObject(0, _MDS_HANDLE, read_attributes(self._mds(at_s)))]
        ticks = self.time.ticks(at_s)
        return answer(request, objects, ticks=ticks, sequence=sequence, mtu=self._profile.receive_mtu)

    def _mds(self, at_s: float) -> bytes:
        return pack_mds(IDENTITY, self.time.wall_s(at_s), self.time.ticks(at_s))

    def _set(self, message: Message) -> bytes:
        """Take the wave priorities; anything else cannot be set."""
        _, _, _, attribute, length = struct.unpack_from(">HHHHH", message.body, 10)
        value = message.body[20 : 20 + length]
        if attribute != WAVE_PRIORITIES or len(value) != length:
            raise RefusedRequestError(ACCESS_DENIED)
        (count,) = struct.unpack_from(">H", value)
        labels = tuple(struct.unpack_from(">HH", value, 4 + 4 * k)[1] for k in range(count))
        self._waves.choose(labels)
        self._priorities = value
        return self._result(message, [(WAVE_PRIORITIES, value)])

    def _get(self, message: Message) -> bytes:
        """Tell the wave priorities."""
        (count,) = struct.unpack_from(">H", message.body, 10)
        wanted = {struct.unpack_from(">H", message.body, 14 + 2 * k)[0] for k in range(count)}
        known = [(WAVE_PRIORITIES, self._priorities or bytes(4))]
        return self._result(message, known if WAVE_PRIORITIES in wanted else [])

    def _result(self, message: Message, attributes: list[tuple[int, bytes]]) -> bytes:
        body = THE_MONITOR + pack_attributes(attributes)
        return pack_message(Operation.RESULT, message.command, invoke_id=message.invoke_id, body=body)
