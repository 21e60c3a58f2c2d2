"""The frames an emulated oximeter sends, from what it shows (protocols.md §5.2 to §5.7)."""

from devices.protocols.device_time import CivilTime
from devices.protocols.nonin.frames import HR_MISSING, SPO2_MISSING, spot_frame
from devices.protocols.nonin.oximeter import Shown

HEADER = "NONIN AVANT 9600 CHAIRSIDE SIM"
"""The printout is the only dialect with words; the emulator names itself in them."""
RED, GREEN = 0x04, 0x02


def frame_f1(shown: Shown) -> bytes:
    """Return a frame of format 1: status, HR, SpO2."""
    status = _status(shown) | (0x40 if shown.unplugged else 0)
    return bytes((status, shown.rate & 0x7F, shown.spo2))


def frame_f8(shown: Shown) -> bytes:
    """Return a frame of format 8: status, HR, SpO2, second status."""
    status2 = (0x20 if shown.steady else 0) | (0x08 if shown.off else 0)
    return bytes((_status(shown), shown.rate & 0x7F, shown.spo2, status2))


def _status(shown: Shown) -> int:
    status = 0x80 | shown.rate >> 7
    status |= 0x20 if shown.searching or shown.off else 0
    status |= 0x10 if shown.low else 0
    status |= 0x08 if shown.marginal else 0
    return status | (0x04 if shown.artifact else 0)


def spot_record(shown: Shown, time: CivilTime) -> bytes:
    """Return a frame of format 13: a finished spot check."""
    century, year = divmod(time.year, 100)
    packed = (century, year, time.month, time.day, time.hour, time.minute, time.second, 0)
    missing = (shown.rate, shown.spo2) == (HR_MISSING, SPO2_MISSING)
    high = (0x02 if shown.steady else 0) | (0x01 if missing else 0)
    numbers = (high, 0, shown.rate >> 8, shown.rate & 0xFF, 0, shown.spo2)
    return spot_frame(bytes(_packed(number) for number in packed) + bytes(numbers))


def _packed(number: int) -> int:
    tens, units = divmod(number, 10)
    return tens << 4 | units


def line(shown: Shown) -> bytes:
    """Return a line of the printout."""
    spo2 = "---" if shown.now_spo2 == SPO2_MISSING else f"{shown.now_spo2:03}"
    rate = "---" if shown.now_rate == HR_MISSING else f"{shown.now_rate:03}"
    return f"SPO2={spo2} HR={rate}\r\n".encode("ascii")


def header(time: CivilTime) -> bytes:
    """Return the printout's header: the format, and time and date."""
    day = f"{time.month:02}/{time.day:02}/{time.year % 100:02}"
    return f"{HEADER} {day} {time.hour:02}:{time.minute:02}:{time.second:02}\r\n".encode("ascii")


def packet_floats(shown: Shown, timer: int) -> bytes:
    """Return the 25 FLOAT bytes of a packet; reserved ones are 0, and so is the firmware revision.

    An emulator has no revision of Nonin's firmware to tell of.
    """
    floats = bytearray(25)
    for frame, rate in ((1, shown.now_rate), (14, shown.now_rate), (20, shown.rate), (22, shown.rate)):
        floats[frame - 1 : frame + 1] = rate >> 7, rate & 0x7F
    for frame, spo2 in ((3, shown.now_spo2), (9, shown.spo2), (10, shown.now_spo2), (11, shown.beat_spo2)):
        floats[frame - 1] = spo2
    floats[15], floats[16] = shown.now_spo2, shown.spo2
    floats[5:7] = timer >> 7 & 0x7F, timer & 0x7F
    floats[7] = 0x20 if shown.steady else 0
    return bytes(floats)


def wave_status(shown: Shown) -> int:
    """Return the status byte of a packet's frames, without SYNC and perfusion (protocols.md §5.3)."""
    status = 0x80 | (0x20 if shown.artifact else 0) | (0x10 if shown.searching or shown.off else 0)
    return status | (0x08 if shown.off else 0)


def perfusion(shown: Shown) -> int:
    """Return the perfusion bits lit during a pulse: red low, both (yellow) marginal, green good."""
    if shown.low:
        return RED
    return RED | GREEN if shown.marginal else GREEN
