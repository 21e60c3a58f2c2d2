"""An emulated monitor whose patient storms: ``python -m monitor_app.cli.bench.storm_monitor LINK SEED``.

When told to end it prints one JSON line: each number it put on the wire, and when (monotonic nanoseconds, which all
processes of a computer share).
"""

import json
import sys
import time
from pathlib import Path

from devices.clock import SystemClock
from devices.registry import make_driver, make_monitor
from devices.signals import NumericReading
from devices.simulators.emulator import Emulator, EmulatorRunner
from devices.simulators.synthetic_patient import SyntheticPatient
from devices.transport.pty import PtyPort
from monitor_app.cli.bench.process import DRIVER
from monitor_app.cli.bench.storm_pattern import StormPatient
from monitor_app.cli.stop_signal import StopSignal
from monitor_app.services.sim_chair import find_scenario

SCENARIO = "S02"


class NotingPort(PtyPort):
    """A pseudo-terminal that reads along what is sent; the instants are taken before the bytes can be heard."""

    def __init__(self, link: Path) -> None:
        super().__init__(link)
        self._decoder = make_driver(DRIVER).capture_decoder()
        self.told: list[tuple[int, str, float]] = []

    def write(self, data: bytes) -> None:
        """See ``Transport``."""
        now_ns = time.monotonic_ns()
        super().write(data)
        for signal in self._decoder.feed(data):
            if isinstance(signal, NumericReading) and signal.value is not None:
                self.told.append((now_ns, signal.name, signal.value))


def run(link: Path, seed: int) -> int:
    """Emulate until told to end."""
    patient = StormPatient(SyntheticPatient(find_scenario(SCENARIO), seed))
    port = NotingPort(link)
    emulator = Emulator(make_monitor(DRIVER, patient, seed=seed), patient, port, seed=seed)
    runner = EmulatorRunner(emulator, SystemClock())
    with StopSignal() as stop:
        stop.on_stop(runner.stop)
        emulator.open()
        runner.run()
    sys.stdout.write(json.dumps(port.told) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), int(sys.argv[2])))
