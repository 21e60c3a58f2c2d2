"""The whole evidence in one run: measure, compare, and write the two pages of ``docs/evidence``."""

from collections.abc import Callable, Sequence
from pathlib import Path

from devices.errors import KnownError
from monitor_app.services.evidence.alarm_run import RULES
from monitor_app.services.evidence.alarms_report import alarms_from_noise, judge_alarms
from monitor_app.services.evidence.beats_report import SNR_DB, compare, core_share, in_noise
from monitor_app.services.evidence.peers import Peer
from monitor_app.services.evidence.records import annotated_records, challenge_alarms
from monitor_app.services.evidence.text import alarms_page, beats_page

BEATS_PAGE, ALARMS_PAGE = "beats.md", "challenge-alarms.md"
_CHECKOUT = Path(__file__).resolve().parents[3]
DEFAULT_DATA = _CHECKOUT.parent / "shared" / "data"
DEFAULT_OUT = Path("docs") / "evidence"


def write_evidence(
    data: Path, out: Path, peers: Sequence[Peer], *, seconds: float | None = None, say: Callable[[str], None]
) -> tuple[Path, Path]:
    """Measure everything and write both pages; return their paths.

    ``seconds`` shortens the annotated records to their beginning. ``say`` hears what is being done.

    :raises KnownError: recordings are missing or a page cannot be written.
    """
    records = [ecg.first(seconds) for ecg in annotated_records(data)]
    say(f"beats of {len(records)} annotated records")
    table = compare(records, peers)
    say("beats in electrode motion")
    noise = in_noise(records, peers, SNR_DB if seconds is None else SNR_DB[-2:-1])
    share = core_share(records[0], 120.0 if seconds is None else 20.0)
    say("challenge alarms")
    alarms = judge_alarms(challenge_alarms(data, frozenset(RULES)), peers)
    say("alarms in electrode motion")
    quiet = [alarms_from_noise(ecg) for ecg in records]
    beats = _write(out / BEATS_PAGE, beats_page(table, noise, share, peers))
    return beats, _write(out / ALARMS_PAGE, alarms_page(alarms, quiet, peers))


def _write(path: Path, text: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise KnownError(
            f"{path} cannot be written ({error.strerror}): choose another folder with --out."
        ) from error
    return path
