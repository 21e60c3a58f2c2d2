"""Line settings written behind a port, for a monitor that is not set as its family usually is.

``/dev/ttyUSB0#19200-8O1`` is that port at 19200 baud, 8 data bits, odd parity, 1 stop bit; ``-rtscts`` or ``-xonxoff`` may
follow. Without such an ending a port is opened with the settings of the driver.
"""

import re

from devices.drivers.base import SerialSettings

_ENDING = re.compile(r"#(\d{2,7})-([5-8])([NEO])([12])((?:-rtscts|-xonxoff)*)", re.IGNORECASE)


def split_line(port: str) -> tuple[str, SerialSettings | None]:
    """Return the port alone and the settings written behind it, None where there are none."""
    name, mark, _ = port.rpartition("#")
    found = _ENDING.fullmatch(port[len(name) :]) if mark else None
    if found is None or not name:
        return port, None
    flow = found[5].lower()
    line = SerialSettings(
        baud=int(found[1]),
        bits=int(found[2]),
        parity=found[3].upper(),
        stop_bits=int(found[4]),
        rtscts="-rtscts" in flow,
        xonxoff="-xonxoff" in flow,
    )
    return name, line


def with_line(port: str, line: SerialSettings) -> str:
    """Return a port with these settings written behind it, in place of any that are there."""
    flow = "-rtscts" * line.rtscts + "-xonxoff" * line.xonxoff
    return f"{split_line(port)[0]}#{line.baud}-{line.bits}{line.parity}{line.stop_bits}{flow}"
