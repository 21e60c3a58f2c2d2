"""Nellcor N-395, N-560, N-595, N-600x, NPB-290 and NPB-295 oximeters (protocols.md §6.2)."""

from devices.clock import NS_PER_S
from devices.drivers.base import Driver, DriverInfo, NibpTiming, SerialSettings
from devices.protocols.nellcor.commands import ASK_WHO, LEAVE_MENU, RESUME
from devices.protocols.nellcor.decoder import NellcorDecoder
from devices.signals import Counters, Signal

RESUME_AFTER_NS = 5 * NS_PER_S
"""Two lines have not come: the monitor may be waiting for XON (protocols.md §6.2)."""
LEAVE_EVERY_NS = 2 * NS_PER_S


class NellcorDriver(Driver):
    """Listens to a monitor that speaks by itself, and wakes it when it has stopped.

    It never enters interactive mode while a patient is monitored, because no values come meanwhile: who the monitor is
    stands in its headings. Where somebody left it in that mode, the driver leaves it.
    """

    info = DriverInfo(
        id="nellcor",
        name="Nellcor N-395 / N-560 / N-595 / N-600x, NPB-290 / NPB-295",
        numerics=("SPO2", "PR"),
        waveforms=(),
        # XON is sent by the driver itself. The line must not obey XOFF: one damaged byte would silence Chairside.
        serial=SerialSettings(baud=9600),
        nibp=NibpTiming.NONE,
        expected_interval_s=2.2,  # protocols.md §6.2
        numeric_interval_s=2.0,
        confirm_s=2.0,
        cannot=(
            "It gives no blood pressure: measure it with another monitor.",
            "It gives no ECG, so heart rate is the pulse rate of the finger, which lags and can miss irregular beats.",
            "It sends no pleth wave, only numbers every 2 seconds.",
            "Its pulse amplitude (PA) is a number without a unit and no perfusion index.",
            "The wire has no checksum: Chairside believes a sudden change only when two lines agree, 2 seconds later.",
            "An NPB-290 sends nothing while it runs on battery: keep it on mains power.",
            "It names itself only in its headings, so its model may be unknown for the first minute.",
            "Its clock may be wrong: readings carry the computer's time, and its own beside that.",
            "Its alarm limits are shown as it prints them, but cannot be set from here.",
        ),
        cable_hints=(
            "The data port is a 15-pin socket on the back: pins 2, 3 and 5 carry RS-232 (N-395, NPB-290, NPB-295).",
            "It needs 9600 baud, 8 data bits, no parity, 1 stop bit, and the port set to ASCII in the monitor's menu.",
            "If nothing comes, plug the monitor into the mains, then switch it off and on.",
        ),
    )

    def __init__(self) -> None:
        self._decoder = NellcorDecoder()
        self._heard_ns = 0
        self._sent_ns = 0

    def opened(self, now_ns: int) -> bytes:
        """Start afresh and return XON: whoever used the line before may have stopped the monitor."""
        self._decoder = NellcorDecoder()
        self._heard_ns = self._sent_ns = now_ns
        return RESUME

    def feed(self, data: bytes, now_ns: int) -> list[Signal]:
        """See ``Driver``."""
        before = self._decoder.counters.frames_ok
        signals = self._decoder.feed(data)
        if self._decoder.counters.frames_ok != before:
            self._heard_ns = now_ns
        return signals

    def due(self, now_ns: int) -> bytes:
        """Return what leaves interactive mode, or XON after 5 s of silence; each again while it has no effect."""
        if self._decoder.menu_open:
            return self._send(LEAVE_MENU, now_ns) if now_ns - self._sent_ns >= LEAVE_EVERY_NS else b""
        if now_ns - max(self._heard_ns, self._sent_ns) >= RESUME_AFTER_NS:
            return self._send(RESUME, now_ns)
        return b""

    def _send(self, data: bytes, now_ns: int) -> bytes:
        self._sent_ns = now_ns
        return data

    def probe(self, now_ns: int) -> bytes:
        """Return XON and the question who it is, in interactive mode, which is left again at once."""
        del now_ns
        return RESUME + ASK_WHO

    def capture_decoder(self) -> NellcorDecoder:
        """Return a fresh decoder; a capture needs nothing else."""
        return NellcorDecoder()

    @property
    def counters(self) -> Counters:
        """See ``Driver``."""
        return self._decoder.counters
