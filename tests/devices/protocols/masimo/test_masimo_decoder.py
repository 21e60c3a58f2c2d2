import numpy as np
import pytest

from devices.protocols.masimo.decoder import MasimoDecoder
from devices.signals import DeviceIdentity, DeviceStatus, NumericReading, Quality

TIME_S = 1767348930.0  # 2026-01-02T10:15:30Z


def line(
    *, spo2="098", bpm="072", pi="04.35", exc="000800", more="", sn="0000012345", at="01/02/26 10:15:30"
):
    return (
        f"{at} SN={sn} SPO2={spo2}% BPM={bpm} PI={pi} {more}DESAT=-- PIDELTA=+-- ALARM=0000 EXC={exc}\r\n"
    ).encode()


def readings(signals):
    return [s for s in signals if isinstance(s, NumericReading)]


def values(signals):
    return [(r.name, r.value) for r in readings(signals)]


def main(signals):
    """What every model measures."""
    return [(name, value) for name, value in values(signals) if name in {"SPO2", "PR", "PI"}]


def statuses(signals):
    return [s for s in signals if isinstance(s, DeviceStatus)]


def test_the_captured_lines(shared_captures):
    data = (shared_captures / "masimo_ascii" / "lines.raw").read_bytes()
    decoder = MasimoDecoder()
    heard = [decoder.feed(text + b"\n") for text in data.split(b"\n")[:-1]]
    assert [main(signals) for signals in heard] == [
        [("SPO2", None), ("PR", None)],
        [("SPO2", None), ("PR", None)],
        [("SPO2", 98), ("PR", 123), ("PI", 0.55)],
        [("SPO2", None), ("PR", None), ("PI", None)],
    ]
    assert statuses(heard[0]) == [DeviceStatus("SPO2_PROBE_UNPLUGGED", active=True)]
    assert statuses(heard[2]) == [
        DeviceStatus("SPO2_PROBE_UNPLUGGED", active=False),
        DeviceStatus("UNKNOWN_RECORD", active=True, detail="field RESVD"),
    ]
    # Nothing on the wire is dropped in silence: what has no value is told of once, as missing.
    assert values(heard[0])[2:] == [("DESAT", None), ("PIDELTA", None)]
    more = [(name, None) for name in ("SPCO", "SPMET", "SPHB", "SPOC", "PVI")]
    assert [values(heard[k])[len(main(heard[k])) :] for k in (1, 2, 3)] == [[], more, []]
    assert {r.quality for r in readings(heard[2]) if r.value} == {
        Quality.QUESTIONABLE
    }  # 400 low signal IQ, 800 SET
    assert {r.quality for r in readings(heard[3])} == {Quality.INVALID}
    assert heard[0][0] == DeviceIdentity("Masimo", serial_number="0000093112")
    assert (decoder.counters.frames_ok, decoder.counters.bytes_discarded) == (4, 0)


def test_readings_carry_unit_and_the_devices_own_time():
    assert readings(MasimoDecoder().feed(line()))[:3] == [
        NumericReading("SPO2", 98.0, "%", Quality.GOOD, TIME_S),
        NumericReading("PR", 72.0, "/min", Quality.GOOD, TIME_S),
        NumericReading("PI", 4.35, "%", Quality.GOOD, TIME_S),
    ]


def test_a_clock_that_goes_back_or_is_not_set_is_only_a_tag():
    decoder = MasimoDecoder()
    times = [
        readings(decoder.feed(line(at=at)))[0].device_time_s
        for at in ("01/02/26 10:15:30", "01/02/26 09:15:30", "00/00/00 00:00:00", "02/30/26 10:15:30")
    ]
    assert times == [TIME_S, TIME_S - 3600, None, None]


@pytest.mark.parametrize(
    ("exc", "value", "quality"),
    [
        ("000801", None, Quality.SENSOR_OFF | Quality.STALE | Quality.INVALID),
        ("000820", None, Quality.SENSOR_OFF | Quality.STALE | Quality.INVALID),
        ("000804", 98, Quality.WEAK),
        ("000808", 98, Quality.SEARCHING),
        ("000810", 98, Quality.ARTIFACT),
    ],
)
def test_the_exceptions_mark_the_numbers(exc, value, quality):
    first = readings(MasimoDecoder().feed(line(exc=exc)))[0]
    assert (first.value, first.quality) == (value, quality)


def test_a_change_is_believed_the_second_time():
    decoder = MasimoDecoder()
    assert main(decoder.feed(line())) == [("SPO2", 98), ("PR", 72), ("PI", 4.35)]
    assert values(decoder.feed(line(bpm="172"))) == [("SPO2", 98), ("PI", 4.35)]
    assert values(decoder.feed(line(bpm="172"))) == [("SPO2", 98), ("PR", 172), ("PI", 4.35)]
    assert values(decoder.feed(line(bpm="072"))) == [("SPO2", 98), ("PI", 4.35)]
    decoder.feed(b"noise\r\n")  # a damaged line is no witness, for or against
    assert ("PR", 72) in values(decoder.feed(line(bpm="072")))


def test_a_bit_of_the_exception_word_counts_from_its_second_line_on():
    decoder = MasimoDecoder()
    decoder.feed(line())
    heard = decoder.feed(line(exc="000801"))
    assert statuses(heard) == []
    assert ("SPO2", 98) in values(heard)
    heard = decoder.feed(line(exc="000801"))
    assert statuses(heard) == [DeviceStatus("SPO2_PROBE_UNPLUGGED", active=True)]
    assert ("SPO2", None) in values(heard)
    assert statuses(decoder.feed(line())) == [DeviceStatus("SPO2_PROBE_UNPLUGGED", active=False)]


def test_after_a_silence_by_its_own_clock_numbers_from_before_are_no_witnesses():
    decoder = MasimoDecoder()
    decoder.feed(line() + line(bpm="090"))
    later = {"at": "01/02/26 10:15:50"}
    assert "PR" not in dict(values(decoder.feed(line(bpm="090", **later))))
    assert ("PR", 90) in values(decoder.feed(line(bpm="090", **later)))


def test_nought_is_no_value():
    assert main(MasimoDecoder().feed(line(spo2="000", bpm="000"))) == [
        ("SPO2", None),
        ("PR", None),
        ("PI", 4.35),
    ]


def test_further_quantities_have_names_of_their_own_missing_ones_are_told_once():
    decoder = MasimoDecoder()
    nothing = "SPCO=--% SPMET=--.-% SPHB=--.- SPOC=-- PVI=--- "
    assert [value for _, value in values(decoder.feed(line(more=nothing)))[3:]] == [None] * 7
    assert len(values(decoder.feed(line(more=nothing)))) == 3
    some = readings(decoder.feed(line(more="SPCO=03% SPMET=01.2% SPHB=13.1 SPOC=17 PVI=021 ")))[3:]
    assert [(r.name, r.value, r.unit) for r in some] == [
        ("SPCO", 3.0, "%"),
        ("SPMET", 1.2, "%"),
        ("SPHB", 13.1, "g/dL"),
        ("SPOC", 17.0, "mL/dL"),
        ("PVI", 21.0, "%"),
    ]
    gone = values(decoder.feed(line(more=nothing)))[3:]
    assert gone == [("SPCO", None), ("SPMET", None), ("SPHB", None), ("SPOC", None), ("PVI", None)]


def test_a_field_nobody_has_described_is_shown_as_unknown():
    decoder = MasimoDecoder()
    decoder.feed(line())
    signals = decoder.feed(line(more="RRA=14 MODE=fast "))
    assert [s.detail for s in statuses(signals)] == ["field MODE", "field RRA"]
    assert values(signals)[3:] == []  # a name may be a damaged one: its number counts from the second line on
    signals = decoder.feed(line(more="RRA=14 MODE=fast "))
    assert statuses(signals) == []
    assert values(signals)[3:] == [("RRA", 14.0)]
    assert statuses(decoder.feed(line(more="RRA=15 "))) == []


def test_the_change_of_perfusion_and_the_desaturations_are_told():
    text = line().replace(b"DESAT=-- PIDELTA=+--", b"DESAT=03 PIDELTA=-12")
    some = readings(MasimoDecoder().feed(text))[3:]
    assert [(r.name, r.value, r.unit) for r in some] == [("DESAT", 3.0, "1"), ("PIDELTA", -12.0, "%")]


def test_words_whose_bits_nobody_has_published_are_told_once():
    decoder = MasimoDecoder()
    alarming = line().replace(b"ALARM=0000", b"ALARM=0012")
    assert [s.detail for s in statuses(decoder.feed(alarming))] == ["ALARM word (its bits are not published)"]
    assert statuses(decoder.feed(alarming)) == []
    assert not any(s.code == "MONITOR_ALARM" for s in statuses(decoder.feed(line() + alarming)))
    word = line().replace(b"\r\n", b" EXC1=00000004\r\n")
    assert [s.detail for s in statuses(decoder.feed(word))] == ["EXC1 word (its bits are not published)"]


def test_a_serial_number_that_changes_has_to_be_seen_twice():
    decoder = MasimoDecoder()

    def who(sn):
        return [s.serial_number for s in decoder.feed(line(sn=sn)) if isinstance(s, DeviceIdentity)]

    assert who("----------") == []
    assert who("0000093112") == []
    assert who("0000093112") == ["0000093112"]
    assert who("0000093113") == []
    assert who("0000093112") == []
    assert who("0000093113") == []
    assert who("0000093113") == ["0000093113"]


def test_an_emulator_of_ours_is_known_by_its_name():
    (who,) = [s for s in MasimoDecoder().feed(line(sn="CHAIRSIDE-SIM")) if isinstance(s, DeviceIdentity)]
    assert who.simulator


def test_the_other_output_mode_is_named():
    decoder = MasimoDecoder()
    dump = b"01/02/26,10:15:30,098,072,04.35\r\n"
    assert decoder.feed(dump * 2) == []
    (said,) = statuses(decoder.feed(dump))
    assert "set the serial output to ASCII 1" in said.detail
    assert decoder.feed(dump * 20) == []
    assert decoder.counters.frames_bad == 23


def test_random_bytes_hold_no_line():
    decoder = MasimoDecoder()
    rng = np.random.default_rng(13)
    for _ in range(1000):
        assert decoder.feed(rng.bytes(1000)) == []
        assert decoder.buffered <= 400


def test_far_off_numbers_from_damaged_lines_are_not_believed():
    """Of 3000 damaged lines not one saturation or rate more than a fifth off gets through."""
    rng = np.random.default_rng(5)
    decoder = MasimoDecoder()
    good = line()
    decoder.feed(good)
    wrong = 0
    for _ in range(3000):
        damaged = bytearray(good)
        damaged[rng.integers(len(good))] ^= 1 << rng.integers(8)
        for name, value in values(decoder.feed(bytes(damaged) + good)):
            true = {"SPO2": 98, "PR": 72, "PI": 4.35}.get(name)
            wrong += true is None or (value is not None and abs(value - true) > 0.2 * true)
    assert wrong == 0
