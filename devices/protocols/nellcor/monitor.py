"""An emulated Nellcor oximeter: the monitor's end of the wire (protocols.md §6.2, §12)."""

from devices.patient import PatientNumerics, PatientSource, SensorState
from devices.protocols.device_time import SEEDED_START_S, civil_time
from devices.protocols.nellcor.decoder import SIMULATOR_MODEL
from devices.protocols.nellcor.lines import XOFF, XON
from devices.protocols.nellcor.records import AMPLITUDE_HIGH, PR_HIGH, SPO2_HIGH, Limits, clock_text

LINE_EVERY_S = 2
HEADING_EVERY = 25  # lines
ADULT_LIMITS = Limits(85, 100, 40, 170)
VERSION, CHECK = "1.61.00", "5A17"

_MOTION = 0.3  # of SensorState.motion: the monitor then reports motion
_SEARCH_LINES = 2  # a sensor put back searches for this many lines
_AMPLITUDE_PER_PI = 12.0  # the scale of PA is not published
_SILENCED_S = 60
_ETX = 0x03
_LONGEST_INPUT = 16


class NellcorMonitor:
    """A freshly switched-on oximeter with its sensor on a patient: it begins by itself, with its heading.

    Lines stand at even seconds after power-on, laid out as on a real N-560. In interactive mode it prints no values.
    """

    def __init__(self, patient: PatientSource, *, seed: int) -> None:
        del seed  # nothing here is left to chance
        self._patient = patient
        self._now_s = 0.0
        self._lines = 0  # printed or not, one every two seconds
        self._since_heading = HEADING_EVERY
        self._limits = ADULT_LIMITS
        self._clock_ahead_s = SEEDED_START_S
        self._on_battery = False
        self._stopped = False
        self._menu = False
        self._input = b""
        self._replies: list[str] = []
        self._had_pulse = False
        self._searching = 0
        self._silenced_until_s = 0.0

    def receive(self, data: bytes) -> None:
        """See ``MonitorSide``: XON and XOFF, two ETX for the menu, and in the menu a digit and return."""
        for octet in data:
            if octet in XON + XOFF:
                self._stopped = octet in XOFF
            elif self._menu:
                self._menu_key(octet)
            else:
                self._input = (self._input + bytes((octet,)))[-2:]
                if self._input == bytes((_ETX, _ETX)):
                    self._menu, self._input = True, b""
                    self._show_menu()

    def advance(self, until_s: float) -> bytes:
        """See ``MonitorSide``. What would have been printed while it is stopped is lost."""
        printed = self._replies
        self._replies = []
        while (due_s := float(LINE_EVERY_S * (self._lines + 1))) <= until_s:
            self._patient.advance(due_s)
            self._lines += 1
            printed += self._line(due_s)
        self._now_s = max(self._now_s, until_s)
        if self._stopped or self._on_battery:
            return b""
        return "".join(f"{text}\r\n" for text in printed).encode("ascii")

    def set_clock(self, posix_s: float) -> None:
        """Set the monitor's clock, forward or back."""
        self._clock_ahead_s = posix_s - self._now_s

    def set_limits(self, limits: Limits) -> None:
        """Set the monitor's own alarm limits; the heading is printed again."""
        self._limits = limits
        self._since_heading = HEADING_EVERY

    def run_on_battery(self, *, on: bool) -> None:
        """Unplug the mains: an NPB-290 then sends nothing (protocols.md §6.2)."""
        self._on_battery = on

    def silence_alarm(self) -> None:
        """Press the alarm silence key: one minute without sound."""
        self._silenced_until_s = self._now_s + _SILENCED_S

    def _line(self, at_s: float) -> list[str]:
        numerics, sensors = self._sensed()
        if self._menu:
            return []
        heading = self._heading() if self._since_heading >= HEADING_EVERY else []
        self._since_heading = 1 if heading else self._since_heading + 1
        return [*heading, self._values(at_s, numerics, sensors)]

    def _heading(self) -> list[str]:
        limits = self._limits
        spo2 = f"SpO2 Limit: {limits.spo2_low}-{limits.spo2_high}%"
        pulse = f"PR Limit: {limits.pr_low}-{limits.pr_high}BPM"
        return [
            f"{SIMULATOR_MODEL} VERSION {VERSION}    CRC:{CHECK}  {spo2}    {pulse}",
            "TIME                 %SpO2   BPM     PA     Status",
        ]

    def _sensed(self) -> tuple[PatientNumerics, SensorState]:
        """Return what the sensor gives now; after it was off it has to search first."""
        numerics, sensors = self._patient.numerics(), self._patient.sensors()
        if sensors.spo2_probe_unplugged or sensors.spo2_finger_out:
            self._searching, self._had_pulse = _SEARCH_LINES, False
        elif self._searching and numerics.pr_per_min is not None:
            self._searching -= 1
            numerics = PatientNumerics()
        elif numerics.pr_per_min is not None:
            self._had_pulse = True
        return numerics, sensors

    def _values(self, at_s: float, numerics: PatientNumerics, sensors: SensorState) -> str:
        off = sensors.spo2_probe_unplugged or sensors.spo2_finger_out
        if off:
            numerics = PatientNumerics()
        spo2, spo2_alarm = self._judged(
            numerics.spo2_percent, SPO2_HIGH, (self._limits.spo2_low, self._limits.spo2_high), "S"
        )
        pulse, pulse_alarm = self._judged(
            numerics.pr_per_min, PR_HIGH, (self._limits.pr_low, self._limits.pr_high), "P"
        )
        pi = numerics.perfusion_index_percent
        amplitude = "---" if pi is None else str(min(AMPLITUDE_HIGH, round(pi * _AMPLITUDE_PER_PI)))
        sound = "AS" if at_s < self._silenced_until_s else ""
        slots = (self._sensor_code(numerics, sensors), spo2_alarm, pulse_alarm, "", "", sound)
        clock = clock_text(civil_time(self._clock_ahead_s + at_s))
        status = "".join(f"{code:3}" for code in slots)
        return f"{clock}{spo2:>7}{pulse:>8}{amplitude:>7}    {status}"

    def _sensor_code(self, numerics: PatientNumerics, sensors: SensorState) -> str:
        if sensors.spo2_probe_unplugged:
            return "SD"
        if sensors.spo2_finger_out:
            return "SO"
        moving = sensors.motion >= _MOTION
        if numerics.pr_per_min is not None:
            return "MO" if moving else ""
        if not self._had_pulse:
            return "PS"
        return "LM" if moving else "LP"

    def _judged(self, true: float | None, high: int, limits: tuple[int, int], letter: str) -> tuple[str, str]:
        """Return a number with its asterisk or the blank in its place, and its alarm code."""
        if true is None:
            return "--- ", ""
        value = min(high, max(0, round(true)))
        if limits[0] <= value <= limits[1]:
            return f"{value} ", ""
        return f"{value}*", letter + ("L" if value < limits[0] else "H")

    def _menu_key(self, octet: int) -> None:
        if octet not in b"\r\n":
            self._input = (self._input + bytes((octet,)))[-_LONGEST_INPUT:]
            return
        choice, self._input = self._input, b""
        if octet in b"\n" and not choice:
            return  # the second half of a return
        if choice == b"0":
            self._menu = False
            self._since_heading = HEADING_EVERY
            return
        if choice == b"1":
            seconds = int(self._now_s)
            self._replies.append(f"{SIMULATOR_MODEL} VERSION {VERSION} INFO CRC:{CHECK} SEC:{seconds}")
        self._show_menu()

    def _show_menu(self) -> None:
        self._replies += [
            f"{SIMULATOR_MODEL}   Interactive Mode",
            "    1) Dump Instrument Info",
            "    0) Exit Interactive Mode",
            "",
            "    Command?",
        ]
