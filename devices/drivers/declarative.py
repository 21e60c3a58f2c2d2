"""Drivers and emulated monitors made from a description instead of from code (see ``devices.declarative_file``)."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from devices.clock import NS_PER_S
from devices.drivers.base import Driver, DriverInfo, NibpTiming, SerialSettings
from devices.protocols.base import MonitorFactory
from devices.protocols.delimited.decoder import DelimitedDecoder
from devices.protocols.delimited.layout import ChecksumKind, LineForm, MonitorLayout
from devices.protocols.delimited.monitor import DelimitedMonitor
from devices.protocols.nbp_watch import NbpWatch
from devices.signals import Counters, Signal

CONFIRM_S = 1.0
"""Where the host asks, a sudden change is asked about again after this time at the latest."""


class DeclarativeDriver(Driver):
    """Runs any monitor that a ``MonitorLayout`` describes; ``declarative_driver`` makes the class for one."""

    layout: ClassVar[MonitorLayout]

    def __init__(self) -> None:
        self._cuff = NbpWatch(live=True)
        self._decoder = DelimitedDecoder(self.layout, self._cuff)
        self._asked_ns = 0

    def opened(self, now_ns: int) -> bytes:
        """Return the first request, if the monitor needs any; which cuff reading was told last is remembered."""
        self._cuff.reopened()
        self._decoder = DelimitedDecoder(self.layout, self._cuff)
        self._asked_ns = now_ns
        return self.layout.request

    def feed(self, data: bytes, now_ns: int) -> list[Signal]:
        """See ``Driver``."""
        del now_ns
        return self._decoder.feed(data)

    def due(self, now_ns: int) -> bytes:
        """Return the next request when its time has come."""
        interval_s = self.layout.interval_s
        wait_s = min(CONFIRM_S, interval_s) if self._decoder.unsure else interval_s
        if not self.layout.request or now_ns - self._asked_ns < round(wait_s * NS_PER_S):
            return b""
        self._asked_ns = now_ns
        return self.layout.request

    def probe(self, now_ns: int) -> bytes:
        """Return the request for one record."""
        del now_ns
        return self.layout.request

    def closing(self) -> bytes:
        """Return nothing; the next opening may be another patient's."""
        self._cuff = NbpWatch(live=True)
        return b""

    def capture_decoder(self) -> DelimitedDecoder:
        """Return a decoder that tells the first cuff reading of a capture however old it is."""
        return DelimitedDecoder(self.layout)

    @property
    def counters(self) -> Counters:
        """See ``Driver``."""
        return self._decoder.counters


def declarative_driver(layout: MonitorLayout, serial: Sequence[SerialSettings]) -> type[DeclarativeDriver]:
    """Return the driver class of a described monitor; ``serial`` holds one line setting or more, likeliest first."""
    members = {
        "layout": layout,
        "info": _info(layout, serial),
        "__module__": __name__,
        "__doc__": layout.name,
    }
    return type("DescribedDriver", (DeclarativeDriver,), members)


def declarative_monitor(layout: MonitorLayout) -> MonitorFactory:
    """Return what makes the emulated monitor of a description."""
    return partial(DelimitedMonitor, layout)


def _info(layout: MonitorLayout, serial: Sequence[SerialSettings]) -> DriverInfo:
    return DriverInfo(
        id=layout.id,
        name=layout.name,
        numerics=tuple(field.name for field in layout.fields),
        waveforms=(),
        serial=serial[0],
        other_serial=tuple(serial[1:]),
        nibp=NibpTiming.MONITOR if layout.nibp is not None else NibpTiming.NONE,
        expected_interval_s=layout.interval_s,
        numeric_interval_s=layout.interval_s,
        confirm_s=min(CONFIRM_S, layout.interval_s) if layout.request else layout.interval_s,
        cannot=(*_limits(layout), *layout.cannot),
        cable_hints=layout.cable_hints,
    )


def _limits(layout: MonitorLayout) -> tuple[str, ...]:
    """Return what follows from the description itself, as whole sentences."""
    limits = ["It is run from a description file and sends no waveforms."]
    if layout.nibp is None:
        limits.append("It has no cuff.")
    else:
        limits.append(
            "Chairside cannot start its cuff: set its own NBP interval or press START on the monitor."
        )
    if not layout.alarm:
        limits.append("It does not send its own alarms.")
    if layout.line.checksum is ChecksumKind.NONE:
        limits.append("The line has no checksum, so a sudden change is shown when a second record agrees.")
    if not layout.clock and layout.line.form is not LineForm.HL7:
        limits.append("It does not tell what its own clock shows.")
    return tuple(limits)
