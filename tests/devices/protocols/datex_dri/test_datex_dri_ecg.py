import pytest

from devices.protocols.datex_dri.decoder import DatexDriDecoder
from devices.protocols.datex_dri.ecg import RHYTHM_WORDS
from devices.signals import DeviceStatus, NumericReading, Quality, Signal, WaveChunk
from tests.devices.protocols.datex_dri.dri_bytes import frame, numbers, numeric_frame, record, wave_frame

RUNS = 3
STATUS_AT, LABEL_AT = 4, 8


def ecg_frame(status: int, label: int = 0x0200, heart: int = 80, from_ecg: int = -32767) -> bytes:
    return numeric_frame(
        (STATUS_AT, "L", status | RUNS), (LABEL_AT, "H", label), (10, "h", heart), (230, "h", from_ecg)
    )


def heard(*frames: bytes) -> list[Signal]:
    decoder = DatexDriDecoder()
    return [signal for data in frames for signal in decoder.feed(data)]


def statuses(*frames: bytes, code: str) -> list[tuple[bool, str]]:
    return [(s.active, s.detail) for s in heard(*frames) if isinstance(s, DeviceStatus) and s.code == code]


def heart(*frames: bytes) -> NumericReading:
    return [s for s in heard(*frames) if isinstance(s, NumericReading) and s.name == "HR"][-1]


@pytest.mark.parametrize(
    ("label", "names"),
    [
        (0x0100, "ECG_I"), (0x0200, "ECG_II"), (0x0300, "ECG_III"), (0x0400, "ECG_AVR"), (0x0500, "ECG_AVL"),
        (0x0600, "ECG_AVF"), (0x0700, "ECG_V"), (0x0000, "ECG1"), (0x0800, "ECG1"), (0x1200, "ECG_II"),
    ],
)  # fmt: skip
def test_first_channel_is_named_by_its_lead(label, names):
    chunks = [s for s in heard(ecg_frame(0, label), wave_frame(0, (1, [5]))) if isinstance(s, WaveChunk)]
    assert [chunk.name for chunk in chunks] == [names]


def test_all_three_channels_and_a_lead_changed_at_the_monitor():
    waves = [(1, [1]), (2, [2]), (3, [3])]
    chunks = [
        s
        for s in heard(
            wave_frame(0, *waves),
            ecg_frame(0, 0x0271),
            wave_frame(1, *waves),
            ecg_frame(0, 0x0370),
            wave_frame(2, *waves),
        )
        if isinstance(s, WaveChunk)
    ]
    assert [chunk.name for chunk in chunks] == [
        "ECG1", "ECG2", "ECG3", "ECG_II", "ECG_V", "ECG_I", "ECG_III", "ECG_V", "ECG3",
    ]  # fmt: skip
    assert [chunk.first_sample for chunk in chunks] == [0, 0, 0, 1, 1, 1, 2, 2, 2]


@pytest.mark.parametrize(
    ("source", "from_ecg", "rate", "other"),
    [
        (0, -32767, 80.0, None),
        (1, -32767, 80.0, None),
        (9, -32767, 80.0, None),
        (6, -32767, None, "SPO2"),
        (6, 79, 79.0, "SPO2"),
        (2, -32767, None, "BP1"),
        (3, -32767, None, "BP2"),
        (4, -32767, None, "BP3"),
        (5, -32767, None, "BP4"),
        (7, -32767, None, "BP5"),
        (8, -32767, None, "BP6"),
        (10, -32767, None, "BP7"),
        (11, -32767, None, "BP8"),
        (12, -32767, None, "SPO2_CH2"),
    ],
)
def test_heart_rate_is_only_ever_from_the_ecg(source, from_ecg, rate, other):
    signals = heard(ecg_frame(source << 3, from_ecg=from_ecg))
    got = {s.name: s.value for s in signals if isinstance(s, NumericReading)}
    assert got["HR"] == rate
    assert {
        name: got[name] for name in got if name.startswith("HR_") and name not in ("HR_MAX", "HR_MIN")
    } == ({f"HR_{other}": 80.0} if other else {})
    told = [s for s in signals if isinstance(s, DeviceStatus) and s.code == "HR_SOURCE"]
    assert told == ([DeviceStatus("HR_SOURCE", active=True, detail=other)] if other else [])


def test_source_that_nobody_described():
    assert (True, "heart rate source D") in statuses(ecg_frame(13 << 3), code="UNKNOWN_RECORD")


@pytest.mark.parametrize(
    ("bits", "quality", "code", "detail"),
    [
        (0x080, Quality.ARTIFACT, "ECG_WEAK", "noise"),
        (0x100, Quality.ARTIFACT, "ECG_WEAK", "artifact"),
        (0x180, Quality.ARTIFACT, "ECG_WEAK", "noise and artifact"),
        (0x200, Quality.SEARCHING, "ECG_LEARNING", ""),
        (0x400, Quality.GOOD, "ECG_PACER", ""),
        (0x004, Quality.GOOD, "RHYTHM", "asystole"),
        (0x800, Quality.SENSOR_OFF, "ECG_LEAD_OFF", "II"),
    ],
)
def test_remarks_of_the_status_word(bits, quality, code, detail):
    on, off = ecg_frame(9 << 3 | bits), ecg_frame(9 << 3)
    ended = detail if code == "RHYTHM" else ""
    assert statuses(on, on, off, off, code=code) == [(True, detail), (False, ended)]
    assert heart(on).quality == quality


@pytest.mark.parametrize(
    ("bits", "label", "lead_off", "channel_off"),
    [
        (0x0800, 0x0271, "II", None),
        (0x3800, 0x0271, "II, V, I", None),
        (0x1000, 0x0271, None, "V"),
        (0x3000, 0x0271, None, "V, I"),
        (0x3000, 0x0200, None, None),  # channels that are not in use
        (0x0800, 0x0000, "channel 1", None),
    ],
)
def test_channels_off(bits, label, lead_off, channel_off):
    data = ecg_frame(9 << 3 | bits, label)
    assert statuses(data, code="ECG_LEAD_OFF") == ([(True, lead_off)] if lead_off else [])
    assert statuses(data, code="ECG_CHANNEL_OFF") == ([(True, channel_off)] if channel_off else [])


def test_wave_tells_lead_off_before_the_numbers_do():
    on = ecg_frame(9 << 3)
    frames = [on, wave_frame(0, (1, [0, 0]), status=0x08), wave_frame(1, (1, [0, 0]))]
    assert statuses(*frames, code="ECG_LEAD_OFF") == [(True, "II"), (False, "")]
    chunks = [s for s in heard(*frames) if isinstance(s, WaveChunk)]
    assert [chunk.quality for chunk in chunks] == [Quality.SENSOR_OFF, Quality.GOOD]


def test_ecg_that_is_not_there_has_no_remarks():
    data = numeric_frame((STATUS_AT, "L", 0x3F84), (LABEL_AT, "H", 0x0200), (10, "h", 80))
    codes = {s.code for s in heard(data) if isinstance(s, DeviceStatus)}
    assert codes <= {"DRI_LEVEL", "SPO2_PROBE_UNPLUGGED"}
    assert heart(data).value is None


def rhythm_frame(bits: int, *, status: int = RUNS) -> bytes:
    return numeric_frame((4, "L", status), (16, "L", bits), kind=1)


@pytest.mark.parametrize("bit", sorted(RHYTHM_WORDS))
def test_rhythm_bits_in_words(bit):
    assert statuses(rhythm_frame(1 << bit), rhythm_frame(0), code="RHYTHM") == [
        (True, RHYTHM_WORDS[bit]),
        (False, RHYTHM_WORDS[bit]),
    ]


def test_rhythms_of_the_document():
    """The bits as protocols.md §2.5 lists them."""
    listed = "0 asystole, 1 VF, 2 rapid VT, 3 VT, 4 extreme brady, 5 extreme tachy, 16 SVT, 18 missing beat, 20 noisy, 27 brady, 28 tachy, 30 arrhythmia off"
    assert sorted(RHYTHM_WORDS) == [int(item.split()[0]) for item in listed.split(", ")]


def test_rhythm_bit_that_nobody_described_and_several_at_once():
    told = statuses(rhythm_frame(1 << 7 | 1 << 27), rhythm_frame(1 << 27), code="RHYTHM")
    assert told == [(True, "unknown rhythm bit 7"), (True, "bradycardia"), (False, "unknown rhythm bit 7")]


def test_rhythm_ends_with_its_group():
    assert statuses(rhythm_frame(1), rhythm_frame(1, status=1), code="RHYTHM") == [
        (True, "asystole"),
        (False, "asystole"),
    ]


def test_asystole_of_both_classes_is_one():
    both = frame(
        record(
            0,
            [
                (1, numbers((STATUS_AT, "L", RUNS | 4), (LABEL_AT, "H", 0x0200))),
                (1, numbers((4, "L", RUNS), (16, "L", 1), kind=1)),
            ],
        )
    )
    assert statuses(both, both, code="RHYTHM") == [(True, "asystole")]
