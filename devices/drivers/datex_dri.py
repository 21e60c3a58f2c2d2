"""GE / Datex-Ohmeda monitors on the S/5 "DRI" serial interface (protocols.md §2)."""

from devices.clock import NS_PER_S
from devices.drivers.base import Driver, DriverInfo, NibpTiming, SerialSettings, WaveCapability
from devices.protocols.datex_dri.decoder import DatexDriDecoder
from devices.protocols.datex_dri.requests import (
    LEAST_INTERVAL_S,
    LOWEST_INTERVAL_S,
    ONCE,
    AlarmCommand,
    Classes,
    request_alarms,
    request_numerics,
    request_waves,
    stop_numerics,
    stop_waves,
)
from devices.protocols.datex_dri.waves import PLETH_TYPE, RESP_TYPE
from devices.signals import Counters, Signal

WAVES = (1, PLETH_TYPE, RESP_TYPE)
"""ECG channel 1, pleth, breathing: 425 of the 600 samples/s that 19200 baud carries (protocols.md §2.4)."""
ALARMS_FROM_LEVEL = 10
REPEAT_ALL_NS = 5 * NS_PER_S
"""Silence after which everything is asked for again: a monitor that was switched on later has heard nothing."""
WAVES_MISSING_NS = 3 * NS_PER_S
"""Three times the longest packet: a handshake blocked for 2 s has stopped the waves (protocols.md §2.1)."""
WAVES_AGAIN_NS = 10 * NS_PER_S
NUMERICS_MISSING = 2.5
"""Of their interval (protocols.md §2.8)."""


class DatexDriDriver(Driver):
    """Asks for numbers, waves and alarms, and again for what stops. ``interval_s`` is that of the numbers.

    The official minimum is 5 s; captured monitors also send each second when asked to (protocols.md §2.4). Of the classes
    only those that serve are asked for: all four take the line for 0.7 s, in which the waves wait.
    """

    info = DriverInfo(
        id="datex-dri",
        name="GE / Datex-Ohmeda S/5 DRI",
        numerics=("HR", "PR", "SPO2", "RR", "PI", "TEMP"),
        waveforms=(
            WaveCapability("ECG_II", 300.0),
            WaveCapability("PLETH", 100.0),
            WaveCapability("RESP", 25.0),
        ),
        serial=SerialSettings(baud=19200, parity="E", rtscts=True),
        other_serial=(SerialSettings(baud=115200, parity="E", rtscts=True),),
        nibp=NibpTiming.MONITOR,
        # Packets come each second at most. Half the numbers' interval keeps a monitor without waves from
        # counting as silent between two of its records, and lets a pulled cable be told after 5.5 s.
        expected_interval_s=LOWEST_INTERVAL_S / 2,
        numeric_interval_s=float(LOWEST_INTERVAL_S),
        nibp_timeout_s=120.0,
        cannot=(
            "It times its own cuff: set AUTO on the monitor; Chairside can neither start nor stop a measurement.",
            "It does not say why a blood pressure measurement failed.",
            "It does not send the cuff pressure while a measurement runs.",
            "Its numbers come every 5 seconds, so a change may show up to 5 seconds late.",
            "It sends one ECG lead, the one set as first on the monitor.",
            "It does not tell its model or serial number.",
            "It does not say whether it runs in demonstration mode: look at its screen.",
            "Its alarm texts are in its own language, so only their colour is understood.",
            "Monitors with software older than 2009 send none of their own alarms.",
            "It does not tell an unplugged SpO2 probe from a missing SpO2 module.",
            "It times readings by its own clock, which is kept as a remark and never used to measure.",
        ),
        cable_hints=(
            "Most monitors have a 9-pin male connector (2 Rx, 3 Tx, 5 ground, 7 RTS, 8 CTS): use a null-modem cable with all five wires.",
            "B20, B40, B105 and B125 have a 9-pin female connector (2 Tx, 3 Rx, 7 CTS, 8 RTS): use a straight cable.",
            "B450, B650 and B850 have no serial connector: plug an ATEN UC-232A USB adapter into the monitor.",
            "Without the RTS and CTS wires the monitor stops sending waveforms after 2 seconds.",
            "The line is 19200 baud, 8 data bits, even parity, 1 stop bit; CARESCAPE software 3 and later may be set to 115200.",
        ),
    )

    def __init__(self, *, interval_s: int = LOWEST_INTERVAL_S) -> None:
        if interval_s < LEAST_INTERVAL_S:
            raise ValueError(
                f"numbers come every {LEAST_INTERVAL_S} s or more rarely, not every {interval_s} s"
            )
        # At short intervals the arrhythmia class would not leave the line room for the waves.
        classes = Classes.EXT1 if interval_s >= LOWEST_INTERVAL_S else Classes.BASIC
        self._ask_numerics = request_numerics(interval_s, classes)
        self._ask_waves = request_waves(WAVES)
        self._numerics_missing_ns = round(NUMERICS_MISSING * interval_s * NS_PER_S)
        self._decoder = DatexDriDecoder()
        self._heard_ns = self._numerics_ns = self._waves_ns = self._waves_asked_ns = 0
        self._waves_patience_ns = WAVES_MISSING_NS
        self._alarms_asked = False

    def opened(self, now_ns: int) -> bytes:
        """Return the requests for numbers and waves; there is none for the cuff."""
        self._decoder = DatexDriDecoder()
        self._forget(now_ns)
        return self._ask_numerics + self._ask_waves

    def feed(self, data: bytes, now_ns: int) -> list[Signal]:
        """See ``Driver``."""
        decoder = self._decoder
        frames, numerics, waves = decoder.counters.frames_ok, decoder.numeric_records, decoder.wave_records
        signals = decoder.feed(data)
        if decoder.counters.frames_ok != frames:
            self._heard_ns = now_ns
        if decoder.numeric_records != numerics:
            self._numerics_ns = now_ns
        if decoder.wave_records != waves:
            self._waves_ns = self._waves_asked_ns = now_ns
            self._waves_patience_ns = WAVES_MISSING_NS
        return signals

    def due(self, now_ns: int) -> bytes:
        """Return what must be asked again: everything after silence, else what stopped; alarms once."""
        if now_ns - self._heard_ns >= REPEAT_ALL_NS:
            self._forget(now_ns)
            return self._ask_numerics + self._ask_waves
        data = b""
        if now_ns - self._numerics_ns >= self._numerics_missing_ns:
            self._numerics_ns = now_ns
            data += self._ask_numerics
        if self._waves_to_ask(now_ns):
            if self._decoder.wave_records:
                # They did come: a blocked handshake stops waves only, but a restart has stopped everything.
                self._alarms_asked = False
                self._numerics_ns = now_ns
                data = self._ask_numerics
            data += self._ask_waves
        if not self._alarms_asked and self._decoder.level >= ALARMS_FROM_LEVEL:
            self._alarms_asked = True
            data += request_alarms(AlarmCommand.ENTER_DIFFERENTIAL)
        return data

    def probe(self, now_ns: int) -> bytes:
        """Ask for one record of displayed values."""
        del now_ns
        return request_numerics(ONCE, Classes.BASIC)

    def closing(self) -> bytes:
        """Stop numbers, waves and alarm messages."""
        alarms = request_alarms(AlarmCommand.EXIT_DIFFERENTIAL) if self._alarms_asked else b""
        return alarms + stop_numerics() + stop_waves()

    def capture_decoder(self) -> DatexDriDecoder:
        """Return a decoder of its own: a capture needs nothing of the host."""
        return DatexDriDecoder()

    @property
    def counters(self) -> Counters:
        """See ``Driver``."""
        return self._decoder.counters

    def _waves_to_ask(self, now_ns: int) -> bool:
        """Whether waves are missing on a line that is alive; asked at once, then rarely: it may have none."""
        alive = self._decoder.counters.frames_ok > 0
        asked_ns = now_ns - self._waves_asked_ns
        if not alive or now_ns - self._waves_ns < WAVES_MISSING_NS or asked_ns < self._waves_patience_ns:
            return False
        self._waves_asked_ns = now_ns
        self._waves_patience_ns = WAVES_AGAIN_NS
        return True

    def _forget(self, now_ns: int) -> None:
        """Begin to wait for everything: it is asked for now."""
        self._heard_ns = self._numerics_ns = now_ns
        self._waves_ns = self._waves_asked_ns = now_ns
        self._waves_patience_ns = WAVES_MISSING_NS
        self._alarms_asked = False
