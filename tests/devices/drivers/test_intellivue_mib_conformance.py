from functools import cache
from typing import ClassVar

from devices.drivers.intellivue_mib import IntellivueDriver
from devices.protocols.intellivue_mib.frames import LONGEST_FRAME, encode_frame
from devices.protocols.intellivue_mib.monitor import IntellivueMonitor
from tests.conformance.driver_conformance import DriverConformance
from tests.devices.fake_patient import FakePatient
from tests.devices.protocols.intellivue_mib.printed import ACCEPT, EMPTY_REPLY, REPLY


@cache
def emulated_frames() -> list[bytes]:
    driver, monitor = IntellivueDriver(), IntellivueMonitor(FakePatient(), seed=1)
    monitor.receive(driver.opened(0))
    stream = b""
    for k in range(1, 26):
        heard = monitor.advance(k * 0.05)
        driver.feed(heard, k * 50_000_000)
        monitor.receive(driver.due(k * 50_000_000))
        stream += heard
    return [piece + b"\xc1" for piece in stream.split(b"\xc1")[:-1]]


class TestIntellivueConformance(DriverConformance):
    driver_class = IntellivueDriver
    monitor_class = IntellivueMonitor
    protocol_package = "devices.protocols.intellivue_mib"
    max_buffered = LONGEST_FRAME
    first_wave_s = 0.256  # the first block after the handshake is the monitor's second
    measured_numerics: ClassVar[dict[str, float]] = {
        "HR": 75.0,
        "PR": 76.0,
        "SPO2": 97.0,
        "RR": 15.0,
        "PI": 3.5,
        "TEMP": 36.6,
    }

    def clean_frames(self) -> list[bytes]:
        """The frames printed in protocols.md, then the first seconds of an emulated monitor."""
        return [encode_frame(ACCEPT), EMPTY_REPLY, REPLY, *emulated_frames()[1:11]]

    def frame_with_bad_checksum(self) -> bytes:
        frame = REPLY
        return frame[:-2] + bytes((frame[-2] ^ 0x01,)) + frame[-1:]

    def junk(self) -> tuple[bytes, ...]:
        return (
            *super().junk(),
            b"\xc1",
            b"\xc0",
            b"\xc0\x11\x01\x00",
            b"\x7d",
            b"\xc0\x7d\xc1",
            b"\xc0\xc0\xc1",
        )
