"""What the emulated monitors send: bytes for decoders and for readers that share nothing with them."""

from devices.clock import NS_PER_S
from devices.drivers.base import DriverCommand
from devices.protocols.base import MonitorSide
from devices.registry import make_driver, make_monitor
from tests.devices.fake_patient import FakePatient


def wire_of(driver_id: str, seconds: int, *, monitor: MonitorSide | None = None) -> bytes:
    """What an emulated monitor sends when the driver asks, its cuff started where the host may.

    Another ``monitor`` of the family is not asked: it keeps sending what it is set to.
    """
    driver, asked = make_driver(driver_id), monitor is None
    monitor = monitor or make_monitor(driver_id, FakePatient(), seed=1)
    if asked:
        monitor.receive(driver.opened(0))
    stream = b""
    for k in range(1, 10 * seconds + 1):
        heard = monitor.advance(k / 10)
        driver.feed(heard, k * NS_PER_S // 10)
        if asked:
            monitor.receive(driver.due(k * NS_PER_S // 10))
        if asked and k == 20:
            monitor.receive(driver.command(DriverCommand.NIBP_START, 2 * NS_PER_S))
        stream += heard
    return stream
