"""``chairside drivers`` and ``ports``: what can be read, and where it may be plugged in."""

import argparse
import os
from dataclasses import asdict
from pathlib import Path

from devices.drivers.base import DriverInfo
from devices.errors import ConfigError, KnownError
from devices.probe_report import Heard, PortReport, Try, line_words, report_words
from devices.registry import BUILTIN_DRIVERS, FILE_SCHEME, driver_ids, driver_info
from devices.transport.line_suffix import split_line
from devices.transport.ports import SerialPortInfo, list_serial_ports
from devices.transport.usb_port import durable_name, is_usb_port
from monitor_app.cli.data_dir import data_dir
from monitor_app.cli.output import note, print_json, print_table, trimmed
from monitor_app.cli.stop_signal import StopSignal
from monitor_app.services.connect import family_name, port_at
from monitor_app.services.described_monitors import described_ids
from monitor_app.services.probe_choice import ProbeChoice, is_described, probe_choice
from monitor_app.services.probe_run import ProbeNews, ProbeOrder, ProbeRun

_JOIN_S = 0.1
WRONG_USAGE = 2
"""Exit status (design.md §7)."""
_NOBODY = ProbeChoice((), ())


def run_drivers(arguments: argparse.Namespace) -> int:
    """Print what each driver can and cannot do, also of the monitors the clinic has described in files.

    A file with a mistake is told of and left out. Raises KnownError for a plug-in that does not load.
    """
    infos = [(driver_id, driver_info(driver_id)) for driver_id in driver_ids()]
    for driver_id in described_ids(data_dir(arguments)):
        try:
            infos.append((driver_id, driver_info(driver_id)))
        except KnownError as error:
            note(str(error))
    if arguments.json:
        print_json([_driver_document(driver_id, info) for driver_id, info in infos])
        return 0
    for index, (driver_id, info) in enumerate(infos):
        _print_driver(driver_id, info, first=index == 0)
    return 0


def _kind(driver_id: str) -> str:
    if is_described(driver_id):
        return "described"
    return "built-in" if driver_id in BUILTIN_DRIVERS else "plug-in"


def _driver_document(driver_id: str, info: DriverInfo) -> dict[str, object]:
    return {
        "id": driver_id,  # what --device takes; a described monitor is recorded under the name in its file
        "kind": _kind(driver_id),
        "recorded_as": info.id,
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


def _print_driver(driver_id: str, info: DriverInfo, *, first: bool) -> None:
    waves = ", ".join(f"{wave.name} {wave.rate_hz:g} Hz" for wave in info.waveforms)
    print(f"{'' if first else chr(10)}{driver_id}: {info.name}")
    if _kind(driver_id) != "built-in":
        print(f"  Kind            {_kind(driver_id)}, recorded as {info.id}")
    print(f"  Line            {line_words(info.serial)}")
    print(f"  Numbers         {', '.join(info.numerics) or 'none'}")
    print(f"  Waves           {waves or 'none'}")
    print(f"  Blood pressure  {_NIBP_WORDS[info.nibp.value]}")
    for sentence in info.cannot:
        print(f"  - {sentence}")
    for sentence in info.cable_hints:
        print(f"  Cable: {sentence}")


def run_ports(arguments: argparse.Namespace) -> int:
    """Print the serial ports; with ``--probe``, what is heard on each; 1 when none of the ports named could be opened.

    Heard are all families and the monitors the clinic has described; where a described one is named, of these only that.
    2 for a port that does not exist. Raises KnownError for an unknown driver, ConfigError for drivers or ports named
    without ``--probe``.
    """
    if (arguments.driver or arguments.port) and not arguments.probe:
        raise ConfigError("A driver or a port is named only to probe with: add --probe.")
    choice = probe_choice(_listed(arguments.driver), data_dir(arguments)) if arguments.probe else _NOBODY
    present = list_serial_ports()
    missing = next(filter(None, (_missing(port, present) for port in arguments.port)), "")
    if missing:
        note(missing)
        return WRONG_USAGE
    found = [SerialPortInfo(port, port) for port in arguments.port] or present
    reports = _probe(found, choice, quiet=arguments.json) if arguments.probe else {}
    if arguments.json:
        print_json([_port_document(port, present, reports.get(port.device)) for port in found])
    else:
        _print_ports(found, reports, choice.listen_for)
    unopened = all(report.heard is Heard.NOT_OPENED for report in reports.values())
    return 1 if arguments.port and reports and unopened else 0


def _missing(text: str, present: list[SerialPortInfo]) -> str:
    """Return what to say of a device that is not there, else nothing; what is in a network is found out by opening it."""
    port, _ = split_line(text)
    if "://" in port or is_usb_port(port) or port in {info.device for info in present}:
        return ""
    # os.path, because a Windows port is no path.
    if os.path.lexists(port) and not os.path.exists(port):  # noqa: PTH110
        return f"{port} leads to a port that is gone: start what made it, or name another port."
    if os.path.exists(port):  # noqa: PTH110
        return ""
    return f"{port} does not exist: plug the monitor's cable in, or name one of the ports that 'chairside ports' lists."


def _listed(given: list[str]) -> list[str]:
    """Return ids that may be written one by one or with commas between; the path of a description may hold one too."""
    ids: list[str] = []
    for text in given:
        whole = is_described(text) and Path(text[len(FILE_SCHEME) :]).expanduser().is_file()
        ids += [text] if whole else [part for part in text.split(",") if part.strip()]
    return ids


def _probe(found: list[SerialPortInfo], choice: ProbeChoice, *, quiet: bool) -> dict[str, PortReport]:
    """Search every port at once; a first Ctrl-C ends the search and prints what it found until then."""
    reports: dict[str, PortReport] = {}

    def take(news: ProbeNews) -> None:
        if news.report is not None:
            reports[news.port] = news.report
        elif not quiet:
            note(f"{news.port}: {news.progress} …")

    for trouble in choice.troubles:
        note(trouble)
    ports = tuple(dict.fromkeys(port.device for port in found))
    run = ProbeRun(ProbeOrder(ports, choice.listen_for, choice.ask), take)
    with StopSignal() as stop:
        stop.on_stop(run.cancel)
        run.start()
        while not run.join(_JOIN_S):
            pass
    return reports


def _port_document(
    port: SerialPortInfo, present: list[SerialPortInfo], report: PortReport | None
) -> dict[str, object]:
    document: dict[str, object] = {
        "device": port.device,
        "name": port.name,
        "usb_id": port.usb_id,
        "serial_number": port.serial_number,
        "manufacturer": port.manufacturer,
        "stable_path": port.stable_path,
        "remember_as": durable_name(port, present),
    }
    if report is not None:
        document |= {
            "state": report.heard.name.lower(),
            "found": list(report.found),
            "serial": asdict(report.line) if report.line is not None else None,
            "bytes": report.bytes_in,
            "asked": list(report.asked),
            "detail": report_words(report, _name_of),
            "probe": [_try_document(tried, report) for tried in report.tries],
        }
    return document


def _try_document(tried: Try, report: PortReport) -> dict[str, object]:
    here = tried.driver_id in report.found and report.line in (None, tried.line)
    unheard = "bytes_no_frame" if tried.bytes_in else "silent"
    return {
        "driver": tried.driver_id,
        "serial": asdict(tried.line),
        "state": "streaming" if here else unheard,
        "bytes": tried.bytes_in,
        "frames_ok": tried.frames_ok,
        "asked": tried.asked,
    }


def _name_of(driver_id: str) -> str:
    """Return a family's name; of a described monitor also where that was read, since two may be called alike."""
    name = family_name(driver_id)
    return f"{name} (described in {Path(driver_id).name})" if is_described(driver_id) else name


def _quoted(argument: str) -> str:
    """Return an argument as it can be typed, in a shell or at the prompt of Windows."""
    return f'"{argument}"' if " " in argument else argument


def _print_ports(found: list[SerialPortInfo], reports: dict[str, PortReport], known: tuple[str, ...]) -> None:
    if not found:
        print("No serial port found: plug the monitor's cable or adapter in.")
        return
    if not reports:
        rows = [(p.device, p.name, p.usb_id or "", p.serial_number or "") for p in found]
        print_table(("PORT", "NAME", "USB", "SERIAL NUMBER"), rows)
        return
    for port in found:
        report = reports[port.device]
        print(port.device if port.name == port.device else f"{port.device}: {port.name}")
        print(f"  {report_words(report, _name_of)}")
        if report.heard is Heard.SILENT and not report.asked:
            print(f"  To ask, name families: --driver {_quoted(','.join(known))}")
        if len(report.found) == 1:
            opened = port_at(port.device, report.found[0], report.line)
            print(f"  Open it: chairside --device {_quoted(f'{report.found[0]}@{opened}')}")
