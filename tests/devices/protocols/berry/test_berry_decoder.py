import numpy as np
import pytest

from devices.protocols.berry.decoder import BerryDecoder
from devices.protocols.berry.frames import encode_frame
from devices.protocols.berry.waves import CHEST_NAMES, ECG_NAMES
from devices.signals import (
    BeatMark,
    DeviceIdentity,
    DeviceStatus,
    NibpFailure,
    NibpPhase,
    NibpProgress,
    NibpResult,
    NumericReading,
    Quality,
    WaveChunk,
    WaveScale,
)

OFF = Quality.SENSOR_OFF | Quality.INVALID
SIMULATOR_VERSION = encode_frame(0xFC, b"CHAIRSIDE-SIM ECG 50/mV")


def number(name, value, unit, quality=Quality.GOOD):
    return NumericReading(name, value, unit, quality)


def feed(*printed):
    return BerryDecoder().feed(b"".join(bytes.fromhex(line) for line in printed))


def ecg(*counts):
    return encode_frame(0x01, bytes(counts * 7 if len(counts) == 1 else counts))


def params(status=0x18, heart=72, breath=16, st=5, rhythm=1):
    return encode_frame(0x02, bytes((status, heart, breath, st & 0xFF, rhythm)))


def statuses(signals):
    return [signal for signal in signals if isinstance(signal, DeviceStatus)]


def chunks(signals, name):
    return [s for s in signals if isinstance(s, WaveChunk) and s.name == name]


@pytest.mark.parametrize(
    ("printed", "counts"),
    [
        ("55 AA 0A 01 F9 89 01 08 F9 18 30 28", (249, 137, 1, 8, 249, 24, 48)),
        ("55 AA 0A 01 80 80 80 80 80 80 80 74", (128,) * 7),
        ("55 AA 0A 01 96 AC 96 5F 80 A1 8C 10", (150, 172, 150, 95, 128, 161, 140)),
    ],
)
def test_printed_ecg_frames(printed, counts):
    signals = feed(printed)
    assert [signal.name for signal in signals] == list(ECG_NAMES)
    assert tuple(int(signal.samples[0]) for signal in signals) == counts
    for signal in signals:
        assert signal.samples.dtype == np.int32
        assert (signal.rate_hz, signal.first_sample, len(signal.samples)) == (250.0, 0, 1)
        assert signal.scale == WaveScale("1", None, 128, 0, 250)


def test_constructed_frame_obeys_einthoven_and_goldberger():
    lead = {s.name: int(s.samples[0]) - 128 for s in feed("55 AA 0A 01 96 AC 96 5F 80 A1 8C 10")}
    assert lead["ECG_III"] == lead["ECG_II"] - lead["ECG_I"]
    assert lead["ECG_AVR"] == -(lead["ECG_I"] + lead["ECG_II"]) / 2
    assert lead["ECG_AVL"] == lead["ECG_I"] - lead["ECG_II"] / 2
    assert lead["ECG_AVF"] == lead["ECG_II"] - lead["ECG_I"] / 2


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        (
            "55 AA 08 02 18 48 10 05 01 7F",
            [
                DeviceStatus("RHYTHM", False, "normal"),
                number("HR", 72.0, "/min"),
                number("RR", 16.0, "/min"),
                number("ST", 0.05, "mV"),
            ],
        ),
        (
            "55 AA 08 02 18 76 12 F4 0A 57",
            [
                DeviceStatus("RHYTHM", True, "tachycardia"),
                number("HR", 118.0, "/min"),
                number("RR", 18.0, "/min"),
                number("ST", -0.12, "mV"),
            ],
        ),
        (
            "55 AA 08 02 1A 00 00 00 00 DB",
            [
                DeviceStatus("ECG_LEAD_OFF", True),
                DeviceStatus("RHYTHM", False, "analysing"),
                number("HR", None, "/min", OFF),
                number("RR", None, "/min", OFF),
                number("ST", None, "mV", OFF),
            ],
        ),
        ("55 AA 06 04 00 62 48 4B", [number("SPO2", 98.0, "%"), number("PR", 72.0, "/min")]),
        (
            "55 AA 06 04 02 7F FF 75",
            [
                DeviceStatus("SPO2_NO_FINGER", True),
                number("SPO2", None, "%", OFF),
                number("PR", None, "/min", OFF),
            ],
        ),
        (
            "55 AA 06 04 01 7F FF 76",
            [
                DeviceStatus("SPO2_PROBE_UNPLUGGED", True),
                number("SPO2", None, "%", OFF),
                number("PR", None, "/min", OFF),
            ],
        ),
        ("55 AA 06 05 00 24 06 CA", [number("TEMP", 36.6, "Cel")]),
        ("55 AA 08 05 02 24 06 00 00 C6", [number("TEMP", 36.6, "Cel"), number("TEMP2", None, "Cel", OFF)]),
    ],
)
def test_printed_numeric_frames(printed, said):
    assert feed(printed) == said


def test_printed_pleth_and_resp_frames():
    pleth, resp = feed("55 AA 04 FE 40 BD", "55 AA 04 FF 80 7C")
    assert (pleth.name, pleth.rate_hz, pleth.samples.tolist()) == ("PLETH", 50.0, [64])
    assert (resp.name, resp.rate_hz, resp.samples.tolist()) == ("RESP", 50.0, [128])
    assert resp.scale.physical(resp.samples).tolist() == [0.0]


def test_printed_cuff_frames_as_a_capture():
    assert feed(
        "55 AA 08 03 04 4B 00 00 00 A5", "55 AA 08 03 00 00 7A 5C 4E D0", "55 AA 08 03 00 00 7A 5C 4E D0"
    ) == [
        NibpProgress(NibpPhase.MEASURING, 150),
        NibpResult(122.0, 78.0, 92.0),
        NibpProgress(NibpPhase.IDLE),
    ]
    [_, result, _] = feed("55 AA 08 03 04 4B 00 00 00 A5", "55 AA 08 03 14 00 00 00 00 E0")
    assert result == NibpResult(None, None, None, failure=NibpFailure.TIMED_OUT)


@pytest.mark.parametrize(
    ("spo2", "pulse", "values"),
    [(127, 72, [None, 72.0]), (98, 255, [98.0, None]), (0, 0, [None, None]), (101, 254, [None, 254.0])],
)
def test_spo2_and_pulse_are_validated_each_on_its_own(spo2, pulse, values):
    signals = BerryDecoder().feed(encode_frame(0x04, bytes((0, spo2, pulse))))
    assert [signal.value for signal in signals] == values
    assert [signal.quality is Quality.INVALID for signal in signals] == [value is None for value in values]


def test_numbers_left_standing_without_a_finger_are_not_given():
    [_, spo2, pulse] = BerryDecoder().feed(encode_frame(0x04, bytes((2, 98, 72))))
    assert (spo2.value, pulse.value) == (None, None)


def test_searching_marks_the_number():
    [_, spo2, _] = BerryDecoder().feed(encode_frame(0x04, bytes((3, 98, 72))))
    assert (spo2.value, spo2.quality) == (98.0, Quality.SEARCHING)


def test_spo2_conditions_are_told_on_change():
    decoder = BerryDecoder()
    said = []
    for status in (0, 2, 2, 1, 3, 4, 4, 0, 9, 9):
        said += statuses(decoder.feed(encode_frame(0x04, bytes((status, 127, 255)))))
    assert said == [
        DeviceStatus("SPO2_NO_FINGER", True),
        DeviceStatus("SPO2_PROBE_UNPLUGGED", True),
        DeviceStatus("SPO2_NO_FINGER", False),
        DeviceStatus("SPO2_PROBE_UNPLUGGED", False),
        DeviceStatus("SPO2_SEARCHING", True),
        DeviceStatus("SPO2_SEARCHING", True, "searching for too long"),
        DeviceStatus("SPO2_SEARCHING", False),
        DeviceStatus("UNKNOWN_RECORD", True, "04 status 09"),
    ]


def test_ecg_conditions_are_told_on_change():
    decoder = BerryDecoder()
    said = []
    for status, rhythm in ((0x18, 1), (0x1B, 0), (0x19, 2), (0x18, 1), (0x18, 13)):
        said += statuses(decoder.feed(params(status, rhythm=rhythm)))
    assert said == [
        DeviceStatus("RHYTHM", False, "normal"),
        DeviceStatus("ECG_LEAD_OFF", True),
        DeviceStatus("ECG_WEAK", True),
        DeviceStatus("RHYTHM", False, "analysing"),
        DeviceStatus("ECG_LEAD_OFF", False),
        DeviceStatus("RHYTHM", True, "asystole"),
        DeviceStatus("ECG_WEAK", False),
        DeviceStatus("RHYTHM", False, "normal"),
        DeviceStatus("RHYTHM", True, "unknown rhythm code 0D"),
    ]


def test_weak_and_lead_off_mark_the_heart_rate():
    assert BerryDecoder().feed(params(0x19))[2].quality is Quality.WEAK
    decoder = BerryDecoder()
    assert number("HR", 72.0, "/min", Quality.SENSOR_OFF) in decoder.feed(params(0x1A))


@pytest.mark.parametrize(
    ("data", "names"), [((0x18,), []), ((0x18, 72), ["HR"]), ((0x18, 72, 16), ["HR", "RR"])]
)
def test_older_firmware_stops_early(data, names):
    assert [signal.name for signal in BerryDecoder().feed(encode_frame(0x02, bytes(data)))] == names


def test_st_outside_its_range_is_no_value():
    assert number("ST", None, "mV", Quality.INVALID) in BerryDecoder().feed(params(st=-101))


@pytest.mark.parametrize(("whole", "tenths"), [(0, 0), (36, 10)])
def test_temperature_that_cannot_be_is_no_value(whole, tenths):
    assert BerryDecoder().feed(encode_frame(0x05, bytes((0, whole, tenths))))[0].value is None


@pytest.mark.parametrize("data", [b"\x00", b"\x00\x00", b"\x01\x02\x03"])
def test_marks_are_length_driven(data):
    decoder = BerryDecoder()
    assert decoder.feed(encode_frame(0x30, data) + encode_frame(0x31, data)) == [
        BeatMark("ECG"),
        BeatMark("PLETH"),
    ]


def test_chest_waves_and_electrodes_of_the_pm1200():
    signals = BerryDecoder().feed(encode_frame(0xF7, bytes((1, 2, 3, 4, 5))))
    assert [(s.name, s.rate_hz, s.samples.tolist()) for s in signals] == [
        (name, 250.0, [k]) for k, name in enumerate(CHEST_NAMES, 1)
    ]
    decoder = BerryDecoder()
    said = []
    for bits in (b"\x00\x00", b"\xc0\x00", b"\xc0\x00", b"\x01\x80", b"\x00"):
        said += decoder.feed(encode_frame(0xF6, bits))
    assert said == [
        DeviceStatus("ECG_LEAD_OFF", True, "RA, LA"),
        DeviceStatus("ECG_LEAD_OFF", True, "V5, V6"),
        DeviceStatus("ECG_LEAD_OFF", False),
    ]


def test_version_texts_make_the_identity():
    decoder = BerryDecoder()
    firmware = encode_frame(0xFC, b"V2.31\x00\x00")
    assert decoder.feed(firmware) == [DeviceIdentity("Berry", firmware="V2.31")]
    assert decoder.feed(firmware) == []
    both = decoder.feed(encode_frame(0xFD, b"PM6750"))
    assert both == [DeviceIdentity("Berry", "PM6750", firmware="V2.31")]
    [ours] = decoder.feed(SIMULATOR_VERSION)
    assert ours.simulator
    assert ours.firmware == "CHAIRSIDE-SIM ECG 50/mV"


def test_simulator_calibrates_its_ecg_and_the_gain_scales_it():
    decoder = BerryDecoder()
    decoder.feed(SIMULATOR_VERSION)
    for status, per_count in ((0x18, 1 / 50), (0x1C, 1 / 100), (0x10, 1 / 12.5)):
        decoder.feed(params(status))
        [chunk] = chunks(decoder.feed(ecg(178)), "ECG_II")
        assert chunk.scale == WaveScale("mV", per_count, 128, 0, 250)
    assert chunks(BerryDecoder().feed(params() + ecg(178)), "ECG_II")[0].scale.unit_per_count is None


def test_gain_change_cuts_the_chunk_where_it_happened():
    decoder = BerryDecoder()
    signals = decoder.feed(SIMULATOR_VERSION + ecg(130) * 3 + params(0x1C) + ecg(132) * 2)
    first, second = chunks(signals, "ECG_V")
    assert (first.first_sample, first.samples.tolist(), first.scale.unit_per_count) == (0, [130] * 3, 1 / 50)
    assert (second.first_sample, second.samples.tolist(), second.scale.unit_per_count) == (
        3,
        [132] * 2,
        1 / 100,
    )


def test_one_chunk_for_each_wave_of_a_feed():
    step = (ecg(100) * 5 + encode_frame(0xFE, b"\x10") + encode_frame(0xFF, b"\x80")) * 5
    decoder = BerryDecoder()
    for turn in range(3):
        signals = decoder.feed(step)
        assert [signal.name for signal in signals] == [*ECG_NAMES, "PLETH", "RESP"]
        assert [signal.first_sample for signal in signals] == [25 * turn] * 7 + [5 * turn] * 2


@pytest.mark.parametrize(("frame", "name"), [(ecg(128), "ECG_II"), (encode_frame(0xFE, b"\x40"), "PLETH"),
                                             (encode_frame(0xFF, b"\x80"), "RESP")])  # fmt: skip
def test_damaged_wave_frame_is_one_lost_instant(frame, name):
    damaged = frame[:-1] + bytes((frame[-1] ^ 1,))
    decoder = BerryDecoder()
    before, after = chunks(decoder.feed(frame * 4 + damaged + frame * 2), name)
    assert (before.first_sample, len(before.samples)) == (0, 4)
    assert (after.first_sample, len(after.samples)) == (5, 2)
    assert chunks(decoder.feed(frame), name)[0].first_sample == 7


def test_unknown_records_are_told_once_and_never_dropped_silently():
    decoder = BerryDecoder()
    strange = encode_frame(0x77, b"\x01") + encode_frame(0x78, b"\x01")
    wrong_length = (
        encode_frame(0x01, b"\x80" * 6) + encode_frame(0x04, b"\x00") + encode_frame(0x03, b"\x30\0\0\0\0")
    )
    said = decoder.feed((strange + wrong_length) * 20)
    assert said == [
        DeviceStatus("UNKNOWN_RECORD", True, detail)
        for detail in ("77", "78", "01 LEN 09", "04 LEN 04", "03 state C")
    ]
    assert decoder.counters.frames_ok == 100
