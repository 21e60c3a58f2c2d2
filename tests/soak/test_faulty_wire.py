"""Every driver on a wire that damages frames at known places (protocols.md §11, §12)."""

from collections.abc import Callable

import pytest

from devices.registry import BUILTIN_DRIVERS
from tests.soak.faulty_wire import LONG_STEP_S, SUBJECTS, Ledger, Subject, run_faulty
from tests.soak.random_bytes import GROWTH_BYTES, LARGEST_BUFFER, feed_noise

MOST_BELIEVED = 1 / 200
"""Of the damaged frames, where the wire has no checksum; where it has one, none."""
PLACED_WITHIN_S = 0.3
NOISE, NOISE_LONG = 200_000, 10_000_000


def seconds_of(subject: Subject, *, long: bool) -> float:
    slow = subject.step_s == LONG_STEP_S
    if long:
        return 3600.0 if slow else 120.0
    return 300.0 if slow else 30.0


@pytest.fixture
def ledger_of(request: pytest.FixtureRequest) -> Callable[[Subject], Ledger]:
    long = request.config.getoption("--long")
    return lambda subject: run_faulty(subject, seconds=seconds_of(subject, long=long))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.label)
def test_a_faulty_wire_is_survived_and_told(subject: Subject, ledger_of: Callable[[Subject], Ledger]) -> None:
    ledger = ledger_of(subject)
    assert ledger.frames > 0
    assert ledger.bytes_in == ledger.bytes_sent, "every byte is counted"
    assert ledger.against_checksum == 0
    assert ledger.resyncs or not ledger.checksum
    # A damaged frame may cost its neighbours, a burst or a silence the proof of the dialect; nothing else is lost.
    mishaps = ledger.damaged + ledger.bursts + ledger.silences
    assert ledger.accepted >= ledger.undamaged - 4 * mishaps
    # Short runs damage fewer than 200 frames, so nothing may be believed there.
    allowed = 0 if ledger.checksum else int(MOST_BELIEVED * ledger.damaged)
    assert ledger.believed <= allowed, ledger.false
    assert ledger.misled <= allowed, ledger.false
    for name, off_s in ledger.off_s.items():
        assert abs(off_s) <= PLACED_WITHIN_S, f"{name}: samples and gaps do not make up the time"
        assert ledger.gaps[name] > 0
    assert ledger.told or "suntech" in subject.label


@pytest.mark.timeout(900)
@pytest.mark.parametrize("driver_id", sorted(BUILTIN_DRIVERS))
def test_random_bytes_do_not_grow_or_break_a_decoder(driver_id: str, request: pytest.FixtureRequest) -> None:
    long = request.config.getoption("--long")
    figures = feed_noise(driver_id, NOISE_LONG if long else NOISE, trace_memory=not long)
    assert figures.buffered <= LARGEST_BUFFER
    if figures.growth_bytes is not None:
        assert figures.growth_bytes <= GROWTH_BYTES
    assert figures.numbers <= figures.fed / 10_000
