import pytest

from devices.protocols.datex_dri.decoder import DatexDriDecoder
from devices.signals import DeviceStatus, NibpFailure, NibpPhase, NibpProgress, NibpResult, Signal
from tests.devices.protocols.datex_dri.dri_bytes import frame, numbers, record

BASE = 0x003
AUTO, STAT, MEASURING, STASIS, CALIBRATING, OLD = 0x8, 0x10, 0x20, 0x40, 0x80, 0x100
A, B = (120, 80, 93), (131, 85, 100)
NONE = None
MEASURES, IDLE = NibpProgress(NibpPhase.MEASURING), NibpProgress(NibpPhase.IDLE)
FAILED = NibpResult(None, None, None, failure=NibpFailure.ERROR)


def cuff_frame(
    label: int,
    values: tuple[int, int, int] | None,
    *,
    time_s: int = 1000,
    status: int = 3,
    last_s: int | None = None,
) -> bytes:
    raw = [-32767] * 3 if values is None else [100 * v for v in values]
    part = numbers(
        (76, "L", status), (80, "H", label | BASE), *((82 + 2 * k, "h", v) for k, v in enumerate(raw))
    )
    parts = [(1, part)]
    if last_s is not None:
        parts.append((4, last_s.to_bytes(4, "little") + bytes(110)))
    return frame(record(0, parts, time_s=time_s))


def cuff_signals(*frames: bytes) -> list[Signal]:
    decoder = DatexDriDecoder()
    signals = [signal for data in frames for signal in decoder.feed(data)]
    return [s for s in signals if isinstance(s, NibpProgress | NibpResult)]


def result(values: tuple[int, int, int], time_s: float) -> NibpResult:
    return NibpResult(*map(float, values), device_time_s=100 + time_s)


CASES = {
    "held at the start": ([(AUTO, A), (AUTO, A)], []),
    "nothing at the start": ([(0, NONE), (0, NONE)], []),
    "a cycle": ([(AUTO, A), (MEASURING, A), (MEASURING, A), (MEASURING, B), (0, B), (0, B)], [MEASURES, result(B, 3), IDLE]),
    "value and edge in one second": ([(0, A), (MEASURING, A), (0, B)], [MEASURES, result(B, 2), IDLE]),
    "value before the bit clears is not yet a result": ([(0, A), (MEASURING, A), (MEASURING, B)], [MEASURES]),
    "identical twice": (
        [(0, NONE), (MEASURING, NONE), (0, A), (MEASURING, A), (0, A), (0, A)],
        [MEASURES, result(A, 2), IDLE, MEASURES, result(A, 4), IDLE],
    ),
    "identical after it had become old": (
        [(OLD, A), (MEASURING | OLD, A), (MEASURING, A), (0, A), (OLD, A)],
        [MEASURES, result(A, 2), IDLE],
    ),
    "failed, old value stays": ([(OLD, A), (MEASURING | OLD, A), (OLD, A)], [MEASURES, FAILED, IDLE]),
    "failed, value blanked": ([(0, A), (MEASURING, A), (0, NONE)], [MEASURES, FAILED, IDLE]),
    "failed, never a value": ([(0, NONE), (MEASURING, NONE), (0, NONE)], [MEASURES, FAILED, IDLE]),
    "heard from the middle on": ([(MEASURING, A), (0, B)], [MEASURES, result(B, 1), IDLE]),
    "records in between lost": ([(0, A), (0, B), (0, B)], [result(B, 1)]),
    "records in between lost, value old": ([(0, A), (OLD, B)], []),
    "first value ever, bit not seen": ([(0, NONE), (0, A)], [result(A, 1)]),
    "old value comes back": ([(0, NONE), (OLD, A)], []),
    "becoming old is no result": ([(0, A), (OLD, A), (OLD, A)], []),
    "blanked is no result": ([(0, A), (0, NONE), (0, NONE)], []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_transitions(name):
    records, expected = CASES[name]
    frames = (cuff_frame(label, values, time_s=100 + k) for k, (label, values) in enumerate(records))
    assert cuff_signals(*frames) == expected


def test_pulse_and_hundredths():
    part = numbers((76, "L", 3), (80, "H", MEASURING))
    done = numbers(
        (76, "L", 3), (80, "H", 0), (82, "h", 12050), (84, "h", 7025), (86, "h", -32766), (88, "h", 66)
    )
    got = cuff_signals(*(frame(record(0, [(1, p)], time_s=50)) for p in (part, done)))
    assert got[1] == NibpResult(120.5, 70.25, None, 66.0, device_time_s=50.0)


@pytest.mark.parametrize("values", [(325, 80, 90), (120, 0, 90), (-20, 80, 90)])
def test_what_no_cuff_reads_is_a_failure(values):
    assert cuff_signals(cuff_frame(MEASURING, NONE), cuff_frame(0, values))[1] == FAILED


def test_group_that_is_not_there_says_nothing():
    assert cuff_signals(cuff_frame(MEASURING, A, status=0), cuff_frame(0, B, status=0)) == []


def test_clock_that_goes_back_harms_nothing():
    frames = [
        cuff_frame(0, A, time_s=5000),
        cuff_frame(MEASURING, A, time_s=4000),
        cuff_frame(0, B, time_s=10),
    ]
    assert cuff_signals(*frames) == [MEASURES, result(B, 10.0 - 100), IDLE]


def test_time_of_the_last_reading_decides_where_it_is_sent():
    same = [cuff_frame(0, A, last_s=700), cuff_frame(MEASURING, A, last_s=700), cuff_frame(0, A, last_s=700)]
    assert cuff_signals(*same) == [MEASURES, FAILED, IDLE]
    moved = [*same[:2], cuff_frame(0, A, last_s=990)]
    assert cuff_signals(*moved) == [MEASURES, result(A, 890.0), IDLE]


@pytest.mark.parametrize(
    ("bit", "code"),
    [
        (AUTO, "NIBP_AUTO"), (STAT, "NIBP_STAT"), (STASIS, "NIBP_STASIS"), (CALIBRATING, "NIBP_CALIBRATING"),
        (OLD, "NIBP_OLD"),
    ],
)  # fmt: skip
def test_label_bits_are_conditions(bit, code):
    decoder = DatexDriDecoder()
    frames = [cuff_frame(bit, NONE), cuff_frame(bit, NONE), cuff_frame(0, NONE)]
    told = [
        s for data in frames for s in decoder.feed(data) if isinstance(s, DeviceStatus) and "NIBP" in s.code
    ]
    assert told == [DeviceStatus(code, active=True), DeviceStatus(code, active=False)]


def test_held_value_is_told_in_words():
    decoder = DatexDriDecoder()
    assert DeviceStatus("NIBP_HELD", active=True, detail="120/80 (93) mmHg, time unknown") in decoder.feed(
        cuff_frame(0, A)
    )


def test_the_real_five_minute_cycle():
    """protocols.md §2.7: bit up, values 28 s later, bit down after 2 s more, old 60 s after that; second by second."""
    seconds = [(AUTO | OLD, A)] * 5 + [(AUTO | OLD | MEASURING, A)] * 28 + [(AUTO | MEASURING, B)] * 2
    seconds += [(AUTO, B)] * 60 + [(AUTO | OLD, B)] * 30
    got = cuff_signals(
        *(cuff_frame(label, values, time_s=100 + k) for k, (label, values) in enumerate(seconds))
    )
    assert got == [MEASURES, result(B, 33.0), IDLE]
