"""How fast each driver decodes, against the speed of its own wire (design.md §9)."""

import statistics
import time
from collections.abc import Iterator

from devices.clock import NS_PER_S
from devices.drivers.base import Driver, DriverCommand, SerialSettings
from devices.registry import driver_ids, make_driver, make_monitor, monitor_ids
from devices.simulators.synthetic_patient import SyntheticPatient
from monitor_app.cli.bench.figure import Figure
from monitor_app.services.sim_chair import find_scenario

BOUND = 100.0
"""design.md §9: Decoding."""
STEP_S = 0.02
"""A serial port hands over what came in about this long."""
SCENARIO = "S02"


def measure_decoding(*, quick: bool) -> list[Figure]:
    """One row for each driver that has an emulated monitor, and the time it takes of a second of its signals."""
    figures: list[Figure] = []
    for driver_id in sorted(set(driver_ids()) & set(monitor_ids())):
        figures += _driver_figures(driver_id, seconds=10.0, rounds=3 if quick else 5)
    return figures


def _driver_figures(driver_id: str, *, seconds: float, rounds: int) -> list[Figure]:
    """Decode what the monitor sends twice: in pieces as large as a full wire makes them, and in those it really sends."""
    driver = make_driver(driver_id)
    sent = list(_wire(driver, driver_id, seconds))
    data = b"".join(sent)
    size, piece = len(data), max(1, round(bytes_per_s(driver.info.serial) * STEP_S))
    if not size:
        return [
            Figure(f"decode {driver_id}", None, "× wire speed", BOUND, at_least=True, note="it sent nothing")
        ]
    chunks = [data[k : k + piece] for k in range(0, size, piece)]
    cost_s = statistics.median(_decode_s(driver, chunks) for _ in range(rounds))
    live_s = statistics.median(_decode_s(driver, sent) for _ in range(rounds))
    wire = bytes_per_s(driver.info.serial)
    note = f"{size / cost_s / 1e6:.2f} MB/s against {wire / 1e3:.2f} kB/s"
    live_note = f"{size / seconds:.0f} B/s in pieces of {size / len(sent):.0f}"
    return [
        Figure(f"decode {driver_id}", size / cost_s / wire, "× wire speed", BOUND, at_least=True, note=note),
        Figure(f"decode {driver_id}, as it comes", seconds / live_s, "× real time", note=live_note),
    ]


def _wire(driver: Driver, driver_id: str, seconds: float) -> Iterator[bytes]:
    """What the emulated monitor sends when it is asked as the driver asks, its cuff started where the host may."""
    patient = SyntheticPatient(find_scenario(SCENARIO), 1)
    monitor = make_monitor(driver_id, patient, seed=1)
    monitor.receive(driver.opened(0))
    for step in range(1, round(seconds / STEP_S) + 1):
        now_s = step * STEP_S
        patient.advance(now_s)
        data = monitor.advance(now_s)
        driver.feed(data, round(now_s * NS_PER_S))
        monitor.receive(driver.due(round(now_s * NS_PER_S)))
        if step == 1:
            monitor.receive(driver.command(DriverCommand.NIBP_START, round(now_s * NS_PER_S)))
        if data:
            yield data


def _decode_s(driver: Driver, chunks: list[bytes]) -> float:
    """CPU seconds of one pass through a fresh decoder; raises when it heard no wave or number."""
    decoder = driver.capture_decoder()
    heard = 0
    begun = time.thread_time()
    for chunk in chunks:
        heard += len(decoder.feed(chunk))
    cost_s = time.thread_time() - begun
    if not heard or decoder.counters.frames_bad:
        raise RuntimeError(f"{heard} signals, {decoder.counters.frames_bad} bad frames")
    return cost_s


def bytes_per_s(serial: SerialSettings) -> float:
    """What the line carries: start bit, data, parity, stop bits."""
    return serial.baud / (1 + serial.bits + (serial.parity != "N") + serial.stop_bits)
