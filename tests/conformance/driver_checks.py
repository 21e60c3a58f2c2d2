"""What every driver must do on its own and with the emulated monitor of its family."""

import ast
import importlib
import importlib.util
import pkgutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from devices.clock import NS_PER_S
from devices.patient import SensorState
from devices.signals import Counters, DeviceIdentity, NumericReading, WaveChunk
from tests.conformance.wire import Wire, applies, has_monitor, joined, numbers
from tests.devices.fake_patient import FakePatient

FORBIDDEN_IMPORTS = frozenset(
    {
        "asyncio", "datetime", "io", "multiprocessing", "os", "pathlib", "PySide6", "pyqtgraph", "queue", "random",
        "select", "selectors", "serial", "socket", "sqlalchemy", "sqlite3", "subprocess", "termios", "threading", "time",
        "tty", "monitor_app",
    }
)  # fmt: skip
"""Nothing of this belongs in a sans-I/O protocol or driver: no ports, no clocks, no threads, no screen, no store."""


class DriverChecks(Wire):
    """Information, opening, both ends together, sensors, and no I/O."""

    def test_information_is_complete(self):
        info = self.make_driver().info
        assert info.id == info.id.lower()
        assert " " not in info.id
        assert info.name
        assert info.serial.baud > 0
        assert info.serial.parity in "NEO"
        assert all(wave.rate_hz > 0 for wave in info.waveforms)
        assert 0 < info.expected_interval_s < 60
        assert all(text.endswith(".") and text[0].isupper() for text in (*info.cannot, *info.cable_hints))

    def test_driver_equals_capture_decoder_on_numbers(self):
        stream = b"".join(self.clean_frames())
        driver = self.make_driver()
        driver.opened(0)
        assert numbers(driver.feed(stream, 1)) == numbers(self.decode(stream)[0])

    def test_opening_again_starts_afresh(self):
        stream = b"".join(self.clean_frames())
        driver = self.make_driver()
        driver.opened(0)
        first = driver.feed(stream + b"\x01\x02", 1)
        driver.opened(NS_PER_S)
        assert driver.counters == Counters()
        assert joined(driver.feed(stream, NS_PER_S + 1)) == joined(first)

    @applies(has_monitor)
    def test_first_opening_never_touches_the_cuff(self):
        patient = FakePatient()
        driver, monitor = self.connected(patient)
        self.run(driver, monitor, 0.0, 10.0)
        assert patient.cuff_log == []

    @applies(has_monitor)
    def test_unanswered_opening_never_touches_the_cuff(self):
        driver = self.make_driver()
        sent = driver.opened(0)
        for second in range(1, 60):
            sent += driver.due(second * NS_PER_S)
            driver.tick(second * NS_PER_S)
        patient = FakePatient()
        monitor = self.monitor(patient)
        monitor.receive(sent)
        monitor.advance(1.0)
        assert patient.cuff_log == []

    @applies(lambda wire: has_monitor(wire) and wire.silent_until_asked)
    def test_silent_until_asked(self):
        monitor = self.monitor(FakePatient())
        assert monitor.advance(5.0) == b""

    @applies(has_monitor)
    def test_monitor_ignores_noise_from_the_host(self):
        driver, monitor = self.make_driver(), self.monitor(FakePatient())
        for noise in (*self.junk(), np.random.default_rng(3).bytes(512)):
            monitor.receive(noise)
        monitor.receive(self.clean_frames()[0])  # its own language, but not a request
        self.handshake(driver, monitor)
        heard = [signal for _, signal in self.run(driver, monitor, 0.0, self.starts_within_s)]
        assert driver.counters.frames_ok
        assert numbers(heard) or not driver.info.numerics

    @applies(has_monitor)
    def test_round_trip_of_numbers(self):
        driver, monitor = self.connected(FakePatient())
        heard = [
            s
            for _, s in self.run(driver, monitor, 0.0, self.starts_within_s)
            if isinstance(s, NumericReading)
        ]
        values = {reading.name: reading.value for reading in heard}
        assert set(driver.info.numerics) <= set(values)
        assert {name: values[name] for name in self.measured_numerics} == self.measured_numerics
        assert driver.counters.frames_bad == driver.counters.bytes_discarded == 0

    @applies(has_monitor)
    def test_round_trip_of_waves(self):
        patient = FakePatient()
        driver, monitor = self.connected(patient)
        seconds = 8.0
        chunks = [s for _, s in self.run(driver, monitor, 0.0, seconds) if isinstance(s, WaveChunk)]
        rates = {wave.name: wave.rate_hz for wave in driver.info.waveforms}
        assert set(rates) == {chunk.name for chunk in chunks} or not rates
        for name in set(patient.wave_names) & set(rates):
            mine = [chunk for chunk in chunks if chunk.name == name]
            samples = np.concatenate([chunk.scale.physical(chunk.samples) for chunk in mine])
            source = patient.exact(name, self.first_wave_s + np.arange(len(samples)) / rates[name])
            assert len(samples) >= (seconds - self.starts_within_s) * rates[name]
            assert all(a.first_sample + len(a.samples) == b.first_sample for a, b in pairwise(mine))
            assert np.corrcoef(samples, source)[0, 1] > 0.99, name

    @applies(has_monitor)
    def test_same_seed_same_bytes(self):
        streams = []
        for _ in range(2):
            monitor = self.monitor(FakePatient(), seed=5)
            self.handshake(self.make_driver(), monitor)
            streams.append(b"".join(monitor.advance(k * 0.1) for k in range(1, 50)))
        assert streams[0] == streams[1]

    @applies(has_monitor)
    def test_emulator_names_itself(self):
        """Where the protocol has an identity the emulator uses it; it can only ever add the mark (design.md §3)."""
        driver, monitor = self.connected(FakePatient())
        heard = [
            s
            for _, s in self.run(driver, monitor, 0.0, self.starts_within_s)
            if isinstance(s, DeviceIdentity)
        ]
        assert all(identity.simulator for identity in heard)

    @applies(lambda wire: has_monitor(wire) and "SPO2" in wire.driver_class.info.numerics)
    def test_unplugged_probe_shows_no_old_number(self):
        patient = FakePatient()
        driver, monitor = self.connected(patient)
        self.run(driver, monitor, 0.0, self.starts_within_s)
        patient.sensor_state = SensorState(spo2_probe_unplugged=True, spo2_finger_out=True)
        patient.numbers = replace(patient.numbers, spo2_percent=None, pr_per_min=None)
        heard = self.run(driver, monitor, self.starts_within_s, 4 * self.starts_within_s)
        last = [s for _, s in heard if isinstance(s, NumericReading) and s.name in ("SPO2", "PR")][-2:]
        assert [reading.value for reading in last] == [None, None]

    def test_protocol_and_driver_touch_no_port_and_no_clock(self):
        package = importlib.import_module(self.protocol_package)
        names = [self.driver_class.__module__, self.protocol_package]
        names += [f"{self.protocol_package}.{m.name}" for m in pkgutil.iter_modules(package.__path__)]
        for name in names:
            spec = importlib.util.find_spec(name)
            assert spec is not None
            assert spec.origin is not None
            tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
            assert not imported_roots(tree) & FORBIDDEN_IMPORTS, name


def imported_roots(tree: ast.AST) -> set[str]:
    """Return the top-level names a module imports."""
    roots: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            roots.add(node.module.split(".")[0])
    return roots
