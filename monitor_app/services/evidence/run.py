"""The whole evidence in one run: measure, compare, and write the two pages of ``docs/evidence``."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from devices.errors import KnownError
from monitor_app.services.evidence.alarm_run import RULES
from monitor_app.services.evidence.alarms_report import judge_alarms, judge_leads
from monitor_app.services.evidence.beats_report import by_ratio, compare, core_share
from monitor_app.services.evidence.noise_runs import PLAN, noise_tasks, run_all
from monitor_app.services.evidence.peers import Peer
from monitor_app.services.evidence.records import annotated_leads, annotated_records, challenge_alarms
from monitor_app.services.evidence.text import alarms_page, beats_page

BEATS_PAGE, ALARMS_PAGE = "beats.md", "challenge-alarms.md"
_CHECKOUT = Path(__file__).resolve().parents[3]
DEFAULT_DATA = _CHECKOUT.parent / "shared" / "data"
SHORT_PLAN = ((6.0, (7,)),)
DEFAULT_OUT = Path("docs") / "evidence"


def write_evidence(
    data: Path,
    out: Path,
    peers: Sequence[Peer],
    *,
    say: Callable[[str], None],
    seconds: float | None = None,
    workers: int | None = None,
) -> tuple[Path, Path]:
    """Measure everything and write both pages; return their paths.

    ``seconds`` shortens the annotated records to their beginning, with one noise. ``say`` hears what is being done.
    ``workers`` processes share the noisy records, by default one for each core.

    :raises KnownError: recordings are missing or a page cannot be written.
    """
    records = [ecg.first(seconds) for ecg in annotated_records(data)]
    share = core_share(records[0], 120.0 if seconds is None else 20.0)
    say(f"beats of {len(records)} annotated records")
    table = compare(records, peers)
    say("challenge alarms")
    alarms = judge_alarms(challenge_alarms(data, frozenset(RULES)), peers)
    leads = judge_leads(((lead, ecg.first(seconds)) for lead, ecg in annotated_leads(data)), peers)
    tasks = noise_tasks(records, peers, PLAN if seconds is None else SHORT_PLAN)
    say(f"electrode motion, {len(tasks)} runs")
    noise = by_ratio(run_all(tasks, workers or os.cpu_count() or 1))
    beats = _write(out / BEATS_PAGE, beats_page(table, noise, share, peers))
    return beats, _write(out / ALARMS_PAGE, alarms_page(alarms, leads, noise, peers))


def _write(path: Path, text: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise KnownError(
            f"{path} cannot be written ({error.strerror}): choose another folder with --out."
        ) from error
    return path
