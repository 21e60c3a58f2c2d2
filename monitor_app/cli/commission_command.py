"""``chairside commission``: what has been proved of a monitor model at this clinic (decision 0016)."""

import argparse
from dataclasses import asdict

from devices.clock import SystemClock
from devices.drivers.base import DriverInfo
from devices.registry import driver_info, plain_id
from monitor_app.cli.data_dir import data_dir
from monitor_app.cli.output import note, print_json, trimmed
from monitor_app.core.commissioning import Commissioning, ComparedValue
from monitor_app.services.commission_run import ModelStanding, keep_examination, standings, template
from monitor_app.storage.store import open_archive


def run_commission(arguments: argparse.Namespace) -> int:
    """Print what is known, or a template, or keep an examination; 1 when that does not pass. Raises KnownError."""
    info = driver_info(plain_id(arguments.driver))
    if arguments.template:
        text = template(info, SystemClock().wall_utc().astimezone().date())
        if arguments.json:
            print_json({"driver": info.id, "template": text})
        else:
            print(text, end="")
        return 0
    if arguments.file is not None:
        return _import(arguments, info)
    return _show(arguments, info)


def _import(arguments: argparse.Namespace, info: DriverInfo) -> int:
    kept = keep_examination(data_dir(arguments), info, arguments.file, SystemClock())
    examined = kept.examined
    if arguments.json:
        print_json({**_document(examined), "passed": not kept.reasons, "reasons": list(kept.reasons)})
    elif not kept.reasons:
        print(f"{examined.model} ({info.id}) is commissioned until {examined.valid_until}.")
    if kept.reasons:
        note(f"kept, and {examined.model} does not pass: {'; '.join(kept.reasons)}. The window says so.")
    return 1 if kept.reasons else 0


def _show(arguments: argparse.Namespace, info: DriverInfo) -> int:
    today = SystemClock().wall_utc().astimezone().date()
    known = open_archive(data_dir(arguments)).commissionings()
    found = standings(known, info, today)
    if arguments.json:
        print_json(
            {
                "driver": info.id,
                "models": [
                    {"standing": item.standing.value, "reasons": list(item.reasons), **_document(item.newest)}
                    for item in found
                ],
                "examinations": [_document(item) for item in known if item.driver_id == info.id],
            }
        )
        return 0
    if not found:
        print(
            f"{info.name} is not commissioned here: chairside commission {info.id} --template prints a file to fill in."
        )
    for item in found:
        _print(item)
    return 0


def _print(item: ModelStanding) -> None:
    newest = item.newest
    print(f"{newest.model}: {item.standing.value}, {newest.examined_on} to {newest.valid_until}")
    print(f"  Examined by  {newest.by_name}, {newest.by_role}, on {newest.simulator}")
    for value in newest.values:
        print(f"  {value.name:12} {_compared(value)}")
    if newest.nibp_detected is not None:
        print(f"  Cuff         {'readings arrive' if newest.nibp_detected else 'readings were not detected'}")
    if newest.alarm_delay_s is not None:
        print(f"  Alarm        {newest.alarm_rule or 'an alarm'} after {newest.alarm_delay_s:g} s")
    for reason in item.reasons:
        print(f"  Does not pass: {reason}")


def _compared(value: ComparedValue) -> str:
    shown = "—" if value.shown_value is None else f"{value.shown_value:g}"
    mark = "" if value.agrees else "  does not agree"
    return f"set {value.set_value:g}, shown {shown} (± {value.tolerance:g}){mark}"


def _document(examined: Commissioning) -> dict[str, object]:
    values = [
        {
            "name": value.name,
            "set": trimmed(value.set_value),
            "shown": trimmed(value.shown_value),
            "tolerance": trimmed(value.tolerance),
            "agrees": value.agrees,
        }
        for value in examined.values
    ]
    dates = {"examined_on": examined.examined_on.isoformat(), "valid_until": examined.valid_until.isoformat()}
    return {**asdict(examined), **dates, "values": values}
