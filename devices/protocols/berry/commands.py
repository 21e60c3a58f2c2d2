"""What the host sends to a Berry board (protocols.md §1.2).

There is no acknowledgement and no interval command. Left out on purpose, factory and test only: 0B static pressure,
0C pressure calibration, 0D and 0E temperature calibration, 10 leak test.
"""

from enum import IntEnum

from devices.protocols.berry.frames import encode_frame


class CommandType(IntEnum):
    """TYPE bytes to the monitor (protocols.md §1.2)."""

    ECG = 0x01
    NIBP = 0x02
    SPO2 = 0x03
    TEMPERATURE = 0x04
    ECG_GAIN = 0x07
    ECG_MODE = 0x08
    NIBP_PATIENT = 0x09
    NIBP_TARGET = 0x0A
    RESP_GAIN = 0x0F
    CHEST_OR_RESP = 0xF7
    ECG_WAVE = 0xFB
    FIRMWARE = 0xFC
    HARDWARE = 0xFD
    PLETH_WAVE = 0xFE
    RESP_WAVE = 0xFF


class Gain(IntEnum):
    """Amplification as commanded; the status byte reports one less."""

    QUARTER = 1
    HALF = 2
    ONE = 3
    TWO = 4

    @property
    def factor(self) -> float:
        """0.25, 0.5, 1 or 2."""
        return 0.125 * 2.0**self.value


class EcgMode(IntEnum):
    """ECG filter as commanded; the status byte reports one less."""

    OPERATION = 1  # 1-25 Hz
    MONITOR = 2  # 0.5-75 Hz
    DIAGNOSTIC = 3  # 0.05-100 Hz


class NibpPatient(IntEnum):
    """Patient type as commanded; the status byte reports one less."""

    ADULT = 1
    CHILD = 2
    NEONATE = 3


TARGET_RANGE_MMHG: dict[NibpPatient, tuple[int, int, int]] = {
    NibpPatient.ADULT: (40, 300, 150),
    NibpPatient.CHILD: (40, 210, 100),
    NibpPatient.NEONATE: (40, 140, 70),
}
"""Lowest, highest and default target pressure (protocols.md §1.2, from the manual)."""


def ecg_gain(gain: Gain) -> bytes:
    """Return the command that sets the ECG amplification."""
    return encode_frame(CommandType.ECG_GAIN, bytes((gain,)))


def ecg_mode(mode: EcgMode) -> bytes:
    """Return the command that chooses the ECG filter."""
    return encode_frame(CommandType.ECG_MODE, bytes((mode,)))


def resp_gain(gain: Gain) -> bytes:
    """Return the command that sets the respiration amplification."""
    return encode_frame(CommandType.RESP_GAIN, bytes((gain,)))


def enable(stream: CommandType, *, on: bool) -> bytes:
    """Return the command that starts or stops a stream (ECG, SPO2, TEMPERATURE, PLETH_WAVE, RESP_WAVE, ECG_WAVE)."""
    return encode_frame(stream, bytes((on,)))


def nibp_patient(patient: NibpPatient) -> bytes:
    """Return the command that says whose arm is in the cuff."""
    return encode_frame(CommandType.NIBP_PATIENT, bytes((patient,)))


def nibp_target(target_mmhg: int, patient: NibpPatient = NibpPatient.ADULT) -> bytes:
    """Return the command for the first inflation pressure; an odd pressure goes up to the next even one.

    It holds for one measurement: send it immediately before each start.

    :raises ValueError: outside the range of this kind of patient.
    """
    low, high, _ = TARGET_RANGE_MMHG[patient]
    if not low <= target_mmhg <= high:
        raise ValueError(f"target pressure must be {low} to {high} mmHg, not {target_mmhg}")
    return encode_frame(CommandType.NIBP_TARGET, bytes(((target_mmhg + 1) // 2,)))


NIBP_START = encode_frame(CommandType.NIBP, b"\x01")
NIBP_STOP = encode_frame(CommandType.NIBP, b"\x00")
FIRMWARE_QUERY = encode_frame(CommandType.FIRMWARE, b"\x00")
HARDWARE_QUERY = encode_frame(CommandType.HARDWARE, b"\x00")
CHEST_V6 = encode_frame(CommandType.CHEST_OR_RESP, b"\x00")
CHEST_RESP = encode_frame(CommandType.CHEST_OR_RESP, b"\x01")

STREAMS = (
    CommandType.ECG,
    CommandType.SPO2,
    CommandType.TEMPERATURE,
    CommandType.PLETH_WAVE,
    CommandType.RESP_WAVE,
    CommandType.ECG_WAVE,  # the PM1200 needs it for its ECG wave; harmless on a PM6750
)
"""Every stream Chairside asks for, in the start-up order of protocols.md §1.2."""


def start_up(gain: Gain = Gain.ONE, mode: EcgMode = EcgMode.MONITOR) -> bytes:
    """Return the start-up sequence: gain, mode, resp gain, version queries, then the streams.

    The version is asked while the line is still silent, so that an emulator's calibration is known before its first
    sample. It never holds a cuff command (protocols.md §1.2).
    """
    settings = ecg_gain(gain) + ecg_mode(mode) + resp_gain(Gain.ONE)
    return (
        settings + FIRMWARE_QUERY + HARDWARE_QUERY + b"".join(enable(stream, on=True) for stream in STREAMS)
    )


def streams_off() -> bytes:
    """Return the commands that silence the monitor."""
    return b"".join(enable(stream, on=False) for stream in STREAMS)
