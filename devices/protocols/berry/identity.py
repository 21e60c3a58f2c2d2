"""Who a Berry board says it is, and the calibration an emulator of ours declares."""

import re

from devices.protocols.berry.frames import FrameType
from devices.signals import DeviceIdentity

SIMULATOR_NAME = "CHAIRSIDE-SIM"
SIMULATOR_ECG_COUNTS_PER_MV = 50
"""At gain x1; the emulator's own choice, since no board publishes one (protocols.md §1.3, Scaling)."""
SIMULATOR_FIRMWARE = f"{SIMULATOR_NAME} ECG {SIMULATOR_ECG_COUNTS_PER_MV}/mV"
SIMULATOR_HARDWARE = f"{SIMULATOR_NAME} PM6750"
_CALIBRATION = re.compile(rf"^{SIMULATOR_NAME} ECG (\d{{1,4}})/mV$")


class IdentityReader:
    """Puts the two version texts together."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}
        self.ecg_counts_per_mv: int | None = None

    @property
    def known(self) -> bool:
        """Whether the board has said which firmware it runs, and with it its calibration where it has one."""
        return FrameType.FIRMWARE in self._texts

    def take(self, frame_type: int, text: bytes) -> DeviceIdentity | None:
        """Take the text of a FC or FD frame; return who the board is when that is news."""
        # Boards pad with zeros, and nothing promises that all of it is printable.
        words = "".join(c if c.isprintable() else " " for c in text.decode("ascii", "replace")).strip()
        if self._texts.get(frame_type) == words:
            return None
        self._texts[frame_type] = words
        firmware = self._texts.get(FrameType.FIRMWARE, "")
        hardware = self._texts.get(FrameType.HARDWARE, "")
        declared = _CALIBRATION.match(firmware)
        self.ecg_counts_per_mv = (int(declared[1]) or None) if declared else None
        simulator = SIMULATOR_NAME in firmware or SIMULATOR_NAME in hardware
        return DeviceIdentity(
            manufacturer="Chairside" if simulator else "Berry",
            model=hardware,
            firmware=firmware,
            simulator=simulator,
        )
