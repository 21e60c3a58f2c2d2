"""``chairside sessions``, ``export`` and ``verify``: what has been recorded, let out, and proved whole."""

import argparse
from dataclasses import asdict

from devices.clock import SystemClock
from monitor_app.cli.data_dir import data_dir
from monitor_app.cli.output import note, print_json, print_table, trimmed
from monitor_app.core.record import SessionSummary
from monitor_app.exporters.export import Profile
from monitor_app.services.export_run import ExportOrder, export_session
from monitor_app.storage.store import open_archive
from monitor_app.storage.verify import Finding, verify


def run_sessions(arguments: argparse.Namespace) -> int:
    """Print the sessions of both databases, newest first. Raises StorageError."""
    found = open_archive(data_dir(arguments)).sessions()
    if arguments.json:
        print_json([_document(summary) for summary in found])
    elif found:
        print_table(("SESSION", "PATIENT", "STARTED (UTC)", "LASTED", "PHASE", ""), map(_row, found))
    else:
        print(f"No sessions in {data_dir(arguments)}.")
    return 0


def _document(summary: SessionSummary) -> dict[str, object]:
    return {
        "id": summary.id,
        "patient": summary.patient,
        "started_utc": summary.started_utc,
        "duration_s": trimmed(summary.duration_s, 3),
        "phase": summary.phase.value,
        "simulated": summary.simulated,
        "closed": summary.closed,
    }


def _row(summary: SessionSummary) -> tuple[str, ...]:
    minutes, seconds = divmod(round(summary.duration_s), 60)
    marks = [*(["simulated"] if summary.simulated else []), *([] if summary.closed else ["not closed"])]
    return (
        summary.id,
        summary.patient,
        summary.started_utc[:19].replace("T", " "),
        f"{minutes // 60}:{minutes % 60:02}:{seconds:02}",
        summary.phase.title,
        ", ".join(marks),
    )


def run_export(arguments: argparse.Namespace) -> int:
    """Write one session's files and print their paths. Raises KnownError."""
    order = ExportOrder(
        data_dir=data_dir(arguments),
        session=arguments.session,
        format_id=arguments.format,
        out=arguments.out,
        profile=_profile(arguments),
        time_zone=arguments.time_zone,
    )
    exported = export_session(order, SystemClock())
    if order.format_id == "raw" and order.profile is not Profile.IDENTIFIED:
        note("the bytes are as the monitor sent them: they may hold a name that was typed into it.")
    if arguments.json:
        print_json(
            {
                "session": exported.session_id,
                "format": order.format_id,
                "profile": order.profile.value,
                "out": str(order.out),
                "files": [path.relative_to(order.out).as_posix() for path in exported.files],
            }
        )
    else:
        for path in exported.files:
            print(path)
    return 0


def _profile(arguments: argparse.Namespace) -> Profile:
    if arguments.deidentify:
        return Profile(arguments.deidentify)
    return Profile.IDENTIFIED if arguments.identified else Profile.PSEUDONYMOUS


def run_verify(arguments: argparse.Namespace) -> int:
    """Print what is broken; 1 when anything is. Raises KnownError for an unknown session."""
    folder = data_dir(arguments)
    session = arguments.session
    if session is not None:
        session = open_archive(folder).find(session).session_id
    findings = verify(folder, session)
    checked = [kind.value for kind in open_archive(folder).kinds()]
    if arguments.json:
        print_json(
            {"ok": not findings, "databases": checked, "findings": [asdict(item) for item in findings]}
        )
    else:
        for item in findings:
            print(_finding(item))
        if not findings:
            print("All is as it was written." if checked else f"Nothing has been recorded in {folder}.")
    if findings:
        note(
            f"{len(findings)} finding{'s' if len(findings) > 1 else ''}: keep the folder as it is, restore a backup."
        )
    return 1 if findings else 0


def _finding(item: Finding) -> str:
    session = f" session {item.session}," if item.session else ""
    return f"{item.database},{session} {item.where}: {item.problem}"
