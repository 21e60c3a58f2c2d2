"""What is pressed at the bedside is pressed on the monitor, and on no other."""

from dataclasses import dataclass, field

from devices.clock import NS_PER_S
from devices.link_core import LinkCore
from devices.registry import make_driver
from devices.signals import NibpResult
from devices.simulators.acts import PressNibp, SetNibpAuto
from devices.simulators.pump import InfusionOrder
from devices.simulators.virtual_bedside import VirtualBedside
from devices.transport.pipe import pipe
from monitor_app.services.emulate_run import Emulation, EmulationPlan
from monitor_app.services.monitor_hands import MonitorHands


@dataclass
class Panel:
    """A monitor that notes what is done to it."""

    done: list[object] = field(default_factory=list)

    def receive(self, data: bytes) -> None:
        self.done.append(data)

    def advance(self, until_s: float) -> bytes:
        self.done.append(until_s)
        return b"ok"

    def press_nibp(self) -> None:
        self.done.append("start")

    def set_nibp_auto(self, interval_min: int | None) -> None:
        self.done.append(("auto", interval_min))


def chair() -> VirtualBedside:
    return VirtualBedside(InfusionOrder(0.5, 40), 70.0)


def test_presses_reach_the_panel_once_and_before_the_monitor_goes_on() -> None:
    bedside, panel = chair(), Panel()
    hands = MonitorHands(panel, bedside)
    bedside.post(SetNibpAuto(5))
    bedside.post(PressNibp())
    bedside.advance(1.0)
    assert hands.advance(1.0) == b"ok"
    hands.receive(b"?")
    hands.advance(2.0)
    bedside.post(SetNibpAuto(None))
    bedside.advance(2.0)
    hands.advance(3.0)
    assert panel.done == [("auto", 5), "start", 1.0, b"?", 2.0, ("auto", None), 3.0]


def test_a_monitor_switched_off_and_on_keeps_its_cycle_and_forgets_old_presses() -> None:
    bedside, panel = chair(), Panel()
    bedside.post(SetNibpAuto(10))
    bedside.post(PressNibp())
    bedside.advance(1.0)
    MonitorHands(panel, bedside).advance(1.0)
    assert panel.done == [("auto", 10), 1.0]


def test_an_emulated_monitor_with_a_cycle_measures_by_itself() -> None:
    monitor_end, host_end = pipe()
    host_end.open()
    emulation = Emulation(EmulationPlan("datex-dri", nibp_auto_min=5), monitor_end)
    emulation.emulator.open()
    link = LinkCore(make_driver("datex-dri"), host_end, port="m")
    heard: list[NibpResult] = []
    for half in range(1, 240):
        emulation.emulator.step(half * 0.5)
        arrivals = link.step(half * NS_PER_S // 2)
        heard += [a.signal for a in arrivals if isinstance(a.signal, NibpResult)]
    assert [result.failure for result in heard] == [None]
    assert '"nibp_auto_min": 5' in emulation.answer('{"act": "status"}')
