"""Philips IntelliVue MP and MX monitors over their MIB/RS-232 data export (protocols.md §3)."""

from devices.drivers.base import Driver, DriverInfo, NibpTiming, SerialSettings, WaveCapability
from devices.protocols.intellivue_mib.association import PollProfile, association_request
from devices.protocols.intellivue_mib.decoder import Heard, IntellivueDecoder
from devices.protocols.intellivue_mib.frames import encode_frame
from devices.protocols.intellivue_mib.session import HostSession
from devices.signals import Counters, Signal

_WAVES = (
    WaveCapability("ECG_II", 250.0),
    WaveCapability("ECG_I", 250.0),
    WaveCapability("ECG_V", 250.0),
    WaveCapability("PLETH", 125.0),
    WaveCapability("RESP", 62.5),
)


class IntellivueDriver(Driver):
    """Holds an association with the monitor and polls numerics, waves and alarms. It cannot touch the cuff."""

    info = DriverInfo(
        id="intellivue-mib",
        name="Philips IntelliVue (MIB/RS-232)",
        numerics=("HR", "PR", "SPO2", "RR", "PI", "TEMP"),
        waveforms=_WAVES,
        serial=SerialSettings(baud=115200),
        nibp=NibpTiming.MONITOR,
        expected_interval_s=1.0,
        numeric_interval_s=1.0,
        other_serial=(SerialSettings(baud=19200),),
        cannot=(
            "Chairside cannot start or stop the cuff: press START on the monitor or set its AUTO interval.",
            "The cuff pressure during a measurement is not exported.",
            "The reason for a failed blood pressure measurement is known only from the monitor's own alarm text.",
            "At most three ECG leads are exported: Chairside asks for II, I and V.",
            "The pleth and respiration waves have no unit.",
            "The monitor marks no single heart beats.",
            "Its clock is local time without a zone: readings are placed by the computer's clock.",
            "Only one program can hold the monitor's data export at a time.",
        ),
        cable_hints=(
            "The monitor needs its MIB/RS-232 option, set to Data Export (Data Out) in the service menu.",
            "The line is 115200 baud, 8 data bits, no parity, 1 stop bit, no flow control.",
            "After another program used the port, the monitor may refuse a new session for 10 s: wait.",
        ),
    )

    def __init__(self) -> None:
        self._now_ns = 0
        self._was_open = False
        self._session = HostSession(0)
        self._decoder = IntellivueDecoder(self._on_heard, live=True)

    def opened(self, now_ns: int) -> bytes:
        """Return the association request, after a release when the port returns from a loss.

        What was known of the cuff outlives a loss, so that a reading taken meanwhile is told; it does not outlive a close.
        """
        since = self._decoder.since if self._was_open else None
        self._decoder = IntellivueDecoder(self._on_heard, live=True, since=since)
        self._session = HostSession(now_ns, was_open=self._was_open)
        self._was_open = True
        self._now_ns = now_ns
        return self._session.open()

    def feed(self, data: bytes, now_ns: int) -> list[Signal]:
        """See ``Driver``."""
        self._now_ns = now_ns
        return self._decoder.feed(data)

    def due(self, now_ns: int) -> bytes:
        """Return the next frame of handshake, polls or life ticks."""
        return self._session.due(now_ns)

    def probe(self, now_ns: int) -> bytes:
        """Return an association request; left alone, the monitor forgets it after 10 s."""
        del now_ns
        return encode_frame(association_request(PollProfile()))

    def closing(self) -> bytes:
        """Return the release."""
        self._was_open = False
        return self._session.close()

    def capture_decoder(self) -> IntellivueDecoder:
        """Return a decoder that takes the first cuff reading it meets for a result."""
        return IntellivueDecoder()

    @property
    def counters(self) -> Counters:
        """See ``Driver``."""
        return self._decoder.counters

    def _on_heard(self, what: Heard, number: int) -> None:
        self._session.heard(what, number, self._now_ns)
