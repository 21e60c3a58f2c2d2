"""``chairside drivers``, ``ports`` and ``capture``: what can be read, where it may be plugged in, what comes from it."""

import argparse
from dataclasses import asdict, dataclass, replace

from devices.clock import SystemClock
from devices.drivers.base import DriverInfo, SerialSettings
from devices.errors import ConfigError
from devices.registry import driver_ids, driver_info, make_driver
from devices.transport.open_port import open_transport
from devices.transport.ports import SerialPortInfo, list_serial_ports
from monitor_app.cli.output import note, print_json, print_table, trimmed
from monitor_app.cli.stop_signal import StopSignal
from monitor_app.services.capture_run import Captured, capture_bytes, file_for_baud
from monitor_app.services.probe import Heard, ProbeResult, probe


def run_drivers(arguments: argparse.Namespace) -> int:
    """Print what each driver can and cannot do. Raises KnownError for a plug-in that does not load."""
    infos = [driver_info(driver_id) for driver_id in driver_ids()]
    if arguments.json:
        print_json([_driver_document(info) for info in infos])
        return 0
    for index, info in enumerate(infos):
        _print_driver(info, first=index == 0)
    return 0


def _driver_document(info: DriverInfo) -> dict[str, object]:
    return {
        "id": info.id,
        "name": info.name,
        "numerics": list(info.numerics),
        "waveforms": [{"name": wave.name, "rate_hz": trimmed(wave.rate_hz)} for wave in info.waveforms],
        "serial": asdict(info.serial),
        "nibp": info.nibp.value,
        "cannot": list(info.cannot),
        "cable_hints": list(info.cable_hints),
    }


_NIBP_WORDS = {
    "host": "Chairside starts it",
    "monitor": "started at the monitor",
    "none": "none",
}


def _print_driver(info: DriverInfo, *, first: bool) -> None:
    waves = ", ".join(f"{wave.name} {wave.rate_hz:g} Hz" for wave in info.waveforms)
    print(f"{'' if first else chr(10)}{info.id}: {info.name}")
    print(f"  Line            {line_words(info.serial)}")
    print(f"  Numbers         {', '.join(info.numerics) or 'none'}")
    print(f"  Waves           {waves or 'none'}")
    print(f"  Blood pressure  {_NIBP_WORDS[info.nibp.value]}")
    for sentence in info.cannot:
        print(f"  - {sentence}")
    for sentence in info.cable_hints:
        print(f"  Cable: {sentence}")


def line_words(line: SerialSettings) -> str:
    """Return line settings as people write them: ``115200 8N1``, with the flow control if any."""
    flow = " RTS/CTS" if line.rtscts else ""
    flow += " XON/XOFF" if line.xonxoff else ""
    return f"{line.baud} {line.bits}{line.parity}{line.stop_bits}{flow}"


@dataclass(frozen=True, slots=True)
class _Tried:
    driver_id: str
    line: SerialSettings
    result: ProbeResult


def run_ports(arguments: argparse.Namespace) -> int:
    """Print the serial ports; with ``--probe``, what is heard on each.

    Raises KnownError for an unknown driver, ConfigError for drivers or ports named without ``--probe``.
    """
    if (arguments.driver or arguments.port) and not arguments.probe:
        raise ConfigError("A driver or a port is named only to probe with: add --probe.")
    tried_ids = [driver_info(driver_id.lower()).id for driver_id in arguments.driver] or list(driver_ids())
    found = [SerialPortInfo(port, port) for port in arguments.port] or list_serial_ports()
    answers: dict[str, list[_Tried]] = {}
    for port in found if arguments.probe else ():
        if not arguments.json:
            note(f"listening on {port.device} …")
        answers[port.device] = _probe_port(port.device, tried_ids, ask=bool(arguments.driver))
    if arguments.json:
        print_json([_port_document(port, answers.get(port.device)) for port in found])
        return 0
    _print_ports(found, answers)
    return 0


def _probe_port(port: str, tried_ids: list[str], *, ask: bool) -> list[_Tried]:
    clock = SystemClock()
    tried: list[_Tried] = []
    for driver_id in tried_ids:
        line = driver_info(driver_id).serial
        result = probe(open_transport(port, line), make_driver(driver_id), clock, ask=ask)
        tried.append(_Tried(driver_id, line, result))
        if result.heard in {Heard.STREAMING, Heard.NOT_OPENED}:
            break  # found, or no other driver would get further
    return tried


def _port_document(port: SerialPortInfo, tried: list[_Tried] | None) -> dict[str, object]:
    document: dict[str, object] = {
        "device": port.device,
        "name": port.name,
        "usb_id": port.usb_id,
        "serial_number": port.serial_number,
        "manufacturer": port.manufacturer,
        "stable_path": port.stable_path,
    }
    if tried is not None:
        document["probe"] = [
            {
                "driver": item.driver_id,
                "serial": asdict(item.line),
                "state": item.result.heard.name.lower(),
                "bytes": item.result.bytes_in,
                "frames_ok": item.result.frames_ok,
                "asked": item.result.asked,
                "detail": item.result.detail,
            }
            for item in tried
        ]
    return document


def _print_ports(found: list[SerialPortInfo], answers: dict[str, list[_Tried]]) -> None:
    if not found:
        print("No serial port found: plug the monitor's cable or adapter in.")
        return
    if not answers:
        print_table(("PORT", "NAME", "USB"), [(p.device, p.name, p.usb_id or "") for p in found])
        return
    for port in found:
        print(port.device if port.name == port.device else f"{port.device}: {port.name}")
        for item in answers[port.device]:
            print(f"  {item.driver_id} at {line_words(item.line)}: {item.result.detail}")


def run_capture(arguments: argparse.Namespace) -> int:
    """Save raw bytes, one speed after another; 1 when nothing came at any. Raises KnownError."""
    several = len(arguments.baud) > 1
    captured: list[tuple[int, Captured]] = []
    with StopSignal() as stop:
        for baud in arguments.baud:
            if stop.requested:
                break
            line = replace(SerialSettings(baud), bits=arguments.bits, parity=arguments.parity)
            out = file_for_baud(arguments.out, baud, several=several)
            result = capture_bytes(
                open_transport(arguments.port, line),
                out,
                arguments.seconds,
                clock=SystemClock(),
                stopped=lambda: stop.requested,
            )
            captured.append((baud, result))
    return _report_capture(arguments, captured)


def _report_capture(arguments: argparse.Namespace, captured: list[tuple[int, Captured]]) -> int:
    total = sum(result.bytes_saved for _, result in captured)
    if arguments.json:
        files = [
            {"baud": baud, "file": str(result.path), "bytes": result.bytes_saved, "lost": result.lost or None}
            for baud, result in captured
        ]
        print_json({"port": arguments.port, "bytes": total, "files": files})
    else:
        for baud, result in captured:
            print(f"{result.bytes_saved} bytes at {baud} in {result.path}")
    lost = next((result.lost for _, result in captured if result.lost), "")
    if lost:
        note(lost)
    if total == 0:
        note(
            f"nothing came from {arguments.port}: check power and cable, try other speeds with --baud; some monitors "
            "speak only when asked (chairside ports --probe --driver ID)."
        )
    return 0 if total and not lost else 1
