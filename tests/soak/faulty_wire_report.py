"""Writes ``docs/evidence/faulty-wire.md``: ``python -m tests.soak.faulty_wire_report [--quick] [--jobs N] [--out FILE]``."""

import argparse
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from devices.registry import driver_ids
from monitor_app.cli.bench.decode import measure_decoding
from tests.soak.faulty_wire import LONG_STEP_S, SHARE, SUBJECTS, Ledger, Subject, run_faulty
from tests.soak.random_bytes import NoiseFigures, feed_noise

PAGE = Path(__file__).resolve().parents[2] / "docs" / "evidence" / "faulty-wire.md"
ENOUGH = 1000
"""Damaged frames for each wire, or as many as ``MOST_RUNS`` runs give."""
MOST_RUNS = 8
RUN_S, SLOW_RUN_S = 120.0, 9000.0
RUN_OF = {"datex-dri": 1800.0, "intellivue-mib": 480.0, "suntech-nibp": 6000.0}
NOISE = 10_000_000

HEAD = """# Drivers on a faulty wire

Made by `python -m tests.soak.faulty_wire_report`. Every emulated monitor talks to its driver through the program's own link
on an in-memory cable, everything on one manual clock. From the tenth second on {share:.0%} of all frames are damaged at known
places: one bit flipped, one byte lost, one byte doubled, or a burst of 1 to 16 random bytes before the frame; about every 40 s
nothing arrives for 0.3 to 2.5 s. A second decoder hears the undamaged bytes. Frames are found, and their checksums tried, by
code written from `protocols.md` alone (`tests/soak/wire_frame.py`).

* **damaged**: frames a bit or byte of which is wrong, missing or too many. **silenced**: whole frames that never arrived.
* **accepted against checksum**: frames accepted where no frame with a right checksum ends in the received bytes.
* **believed**: damaged frames after which a heart rate, pulse, saturation, breathing rate, perfusion index,
  temperature or cuff reading was told that the undamaged wire told neither shortly before nor after: 0.5 % at most.
  **misled**: bursts and silences after which the same happened.
* **left open**: samples of the first wave marked as a gap. **off**: by how much samples and gaps together miss the time that
  passed, worst wave.
"""
WAVES_NOTE = """
A wire without a checksum cannot tell a wrong *sample* of a wave from a right one unless it lies out of range: on `bci` and
`contec-v7` a flipped bit of the pleth byte is drawn. Numbers there need two frames that agree, on the wires of one frame a
second two that agree or the middle one of three (`devices/protocols/middle.py`).
"""
NOISE_HEAD = """
## Random bytes

{count:,} random bytes into each decoder, in pieces of 1 kB (`tests/soak/test_faulty_wire.py --long`). None raised.
**numbers**: readings told of noise. **held**: the most bytes a decoder kept back. **growth**: memory taken between 40 kB and
200 kB of noise.
"""
SPEED_HEAD = """
## Decoding speed

As `chairside bench` measures it: in pieces as large as 20 ms of a full wire, and in those the monitor really sends.
"""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, its first column to the left."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def ledgers_of(subject: Subject, *, quick: bool) -> list[Ledger]:
    """Run one wire, with one seed after another, until enough frames were damaged."""
    seconds = RUN_OF.get(subject.label, SLOW_RUN_S if subject.step_s == LONG_STEP_S else RUN_S)
    ledgers: list[Ledger] = []
    while len(ledgers) < (1 if quick else MOST_RUNS) and sum(x.damaged for x in ledgers) < ENOUGH:
        ledgers.append(run_faulty(subject, seconds=seconds / (10 if quick else 1), seed=len(ledgers) + 1))
    return ledgers


def wire_row(ledgers: list[Ledger]) -> list[str]:
    """Return the cells of one wire."""
    first = ledgers[0]
    damaged, bursts = sum(x.damaged for x in ledgers), sum(x.bursts for x in ledgers)
    believed = sum(x.believed for x in ledgers)
    wave = next(iter(first.gaps), "")
    off_s = max((abs(off) for x in ledgers for off in x.off_s.values()), default=None)
    return [
        first.label,
        f"{sum(x.seconds for x in ledgers):,.0f}",
        f"{sum(x.frames for x in ledgers):,}",
        f"{damaged:,}",
        f"{bursts:,}",
        f"{sum(x.silenced for x in ledgers):,}",
        str(sum(x.against_checksum for x in ledgers)) if first.checksum else "no checksum",
        str(believed),
        f"{believed / max(1, damaged):.2%}",
        str(sum(x.misled for x in ledgers)),
        f"{wave} {sum(x.gaps[wave] for x in ledgers if wave in x.gaps):,}" if wave else "",
        "" if off_s is None else f"{off_s:.2f} s",
    ]


def wire_row_of(number: int, *, quick: bool) -> list[str]:
    """Run one of ``SUBJECTS`` and return its cells."""
    return wire_row(ledgers_of(SUBJECTS[number], quick=quick))


def noise_row(driver_id: str, *, count: int) -> list[str]:
    """Return the cells of one decoder."""
    traced = feed_noise(driver_id, min(count, 200_000))
    figures: NoiseFigures = feed_noise(driver_id, count, trace_memory=False)
    return [
        driver_id,
        f"{figures.seconds:.1f} s",
        f"{figures.bytes_per_s / 1e6:.2f} MB/s",
        str(figures.frames_ok),
        str(figures.numbers),
        f"{figures.buffered} B",
        f"{(traced.growth_bytes or 0) / 1000:.0f} kB",
    ]


def page(*, quick: bool, jobs: int) -> str:
    """Measure everything and return the page; the speeds last, with nothing beside them."""
    head = ("wire", "seconds", "frames", "damaged", "bursts", "silenced", "accepted against checksum")
    count = NOISE // 100 if quick else NOISE
    with ProcessPoolExecutor(jobs) as pool:
        wires = list(pool.map(partial(wire_row_of, quick=quick), range(len(SUBJECTS))))
        noise = list(pool.map(partial(noise_row, count=count), driver_ids()))
    noise_head = ("driver", "took", "speed", "frames", "numbers", "held", "growth")
    speeds = [
        (figure.name.removeprefix("decode "), f"{figure.value or 0:,.0f} {figure.unit}", figure.note)
        for figure in measure_decoding(quick=quick)
    ]
    return "".join(
        (
            HEAD.format(share=SHARE),
            "\n",
            table((*head, "believed", "share", "misled", "left open", "off"), wires),
            WAVES_NOTE,
            NOISE_HEAD.format(count=count),
            "\n",
            table(noise_head, noise),
            SPEED_HEAD,
            "\n",
            table(("driver", "speed", ""), speeds),
        )
    )


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything, to try it")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--out", type=Path, default=PAGE)
    arguments = parser.parse_args()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(page(quick=arguments.quick, jobs=arguments.jobs), encoding="utf-8")


if __name__ == "__main__":
    main()
