import time
from calendar import timegm

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.nellcor.decoder import NellcorDecoder
from devices.protocols.nellcor.lines import LONGEST_LINE
from devices.signals import DeviceIdentity, DeviceStatus, NumericReading, Quality

HEADING = "N-560    VERSION 1.61.00    CRC:A1B2  SpO2 Limit: 85-100%    PR Limit: 40-170BPM"
COLUMNS = "TIME                 %SpO2   BPM     PA     Status"
OFF = Quality.SENSOR_OFF | Quality.INVALID
GOOD, SEARCHING, MOTION = Quality.GOOD, Quality.SEARCHING, Quality.ARTIFACT
LIMITS = DeviceStatus("MONITOR_LIMITS", active=True, detail="SpO2 85 to 100 %, pulse rate 40 to 170 /min")


def at(second, rest, date="02-JAN-26"):
    return f"{date} 10:15:{second:02} {rest}"


def feed(decoder, *lines):
    return decoder.feed("".join(f"{line}\r\n" for line in lines).encode("latin-1"))


def values(signals):
    return [(s.name, s.value) for s in signals if isinstance(s, NumericReading)]


def told(signals):
    return [(s.code, s.active, s.detail) for s in signals if isinstance(s, DeviceStatus)]


def readings(second, spo2, pr, pa, quality=GOOD):
    stamp = float(timegm(time.strptime(f"2026-01-02 10:15:{second:02}", "%Y-%m-%d %H:%M:%S")))

    def one(name, value, unit):
        mark = quality if value is not None else quality | Quality.INVALID
        return NumericReading(name, value, unit, mark, stamp)

    return [one("SPO2", spo2, "%"), one("PR", pr, "/min"), one("PA", pa, "1")]


def test_the_printed_lines():
    signals = feed(
        NellcorDecoder(),
        "02-JAN-26 10:15:30 98 72 60 ",
        "02-JAN-26 10:15:32 --- --- --- SD",
        "02-JAN-26 10:15:34 88* 72 55 SL",
    )
    assert signals == [
        *readings(30, 98.0, 72.0, 60.0),
        DeviceStatus("SPO2_PROBE_UNPLUGGED", active=True),
        *readings(32, None, None, None, OFF),
        DeviceStatus("SPO2_PROBE_UNPLUGGED", active=False),
        DeviceStatus("MONITOR_ALARM", active=True, detail="SpO2 low"),
        *readings(34, 88.0, 72.0, 55.0),
    ]


@pytest.mark.parametrize(
    ("code", "conditions", "quality"),
    [
        ("AO", [("MONITOR_ALARMS_OFF", "off")], GOOD),
        ("AS", [("MONITOR_ALARMS_OFF", "silenced")], GOOD),
        ("LB", [("LOW_BATTERY", "")], GOOD),
        (
            "LM",
            [("SPO2_SEARCHING", ""), ("MONITOR_ALARM", "loss of pulse with motion")],
            SEARCHING | MOTION,
        ),
        ("LP", [("SPO2_SEARCHING", ""), ("MONITOR_ALARM", "loss of pulse")], SEARCHING),
        ("MO", [], MOTION),
        ("PH", [("MONITOR_ALARM", "pulse rate high")], GOOD),
        ("PL", [("MONITOR_ALARM", "pulse rate low")], GOOD),
        ("PS", [("SPO2_SEARCHING", "")], SEARCHING),
        ("SD", [("SPO2_PROBE_UNPLUGGED", "")], OFF),
        ("SH", [("MONITOR_ALARM", "SpO2 high")], GOOD),
        ("SL", [("MONITOR_ALARM", "SpO2 low")], GOOD),
        ("SO", [("SPO2_NO_FINGER", "")], OFF),
    ],
)
def test_every_status_code(code, conditions, quality):
    decoder = NellcorDecoder()
    feed(decoder, at(30, "98 72 60"))
    signals = feed(decoder, at(32, f"98 72 60 {code}"))
    assert told(signals) == [(name, True, words) for name, words in conditions]
    numbers = (None, None, None) if quality == OFF else (98.0, 72.0, 60.0)
    assert [s for s in signals if isinstance(s, NumericReading)] == readings(32, *numbers, quality)
    assert told(feed(decoder, at(34, f"98 72 60 {code}"))) == []
    assert told(feed(decoder, at(36, "98 72 60"))) == [(name, False, "") for name, _ in conditions]


def test_codes_come_together():
    signals = feed(NellcorDecoder(), at(30, "84* 180* 20 MO SL PH LB AS"))
    assert told(signals) == [
        ("MONITOR_ALARM", True, "pulse rate high, SpO2 low"),
        ("MONITOR_ALARMS_OFF", True, "silenced"),
        ("LOW_BATTERY", True, ""),
    ]
    assert [s for s in signals if isinstance(s, NumericReading)] == readings(30, 84.0, 180.0, 20.0, MOTION)


def test_a_zero_is_no_value():
    signals = feed(NellcorDecoder(), at(30, "0 0 --- PS"))
    assert [s for s in signals if isinstance(s, NumericReading)] == readings(30, None, None, None, SEARCHING)


def test_a_number_held_while_searching_is_marked():
    signals = feed(NellcorDecoder(), at(30, "96 63 --- PS"))
    expected = readings(30, 96.0, 63.0, None, SEARCHING)
    assert [s for s in signals if isinstance(s, NumericReading)] == expected


def test_a_heading_names_the_monitor_and_its_limits_once():
    decoder = NellcorDecoder()
    identity = DeviceIdentity("Nellcor", "N-560", firmware="1.61.00")
    assert feed(decoder, HEADING, COLUMNS, at(30, "98 72 60"))[:2] == [identity, LIMITS]
    assert feed(decoder, HEADING, COLUMNS) == []


def test_another_name_or_other_limits_must_come_twice():
    decoder = NellcorDecoder()
    feed(decoder, HEADING)
    other = HEADING.replace("N-560", "N-540").replace("85-", "95-")
    assert feed(decoder, other) == []
    assert feed(decoder, HEADING) == []
    assert feed(decoder, other) == []
    renamed, *limits = feed(decoder, other)
    assert renamed.model == "N-540"
    assert told(limits) == [
        ("MONITOR_LIMITS", False, ""),
        ("MONITOR_LIMITS", True, "SpO2 95 to 100 %, pulse rate 40 to 170 /min"),
    ]


def test_limits_that_may_have_changed_contradict_nothing():
    decoder = NellcorDecoder()
    feed(decoder, HEADING, COLUMNS, at(30, "96 72 60"), HEADING.replace("85-", "90-"))
    assert values(feed(decoder, at(32, "87* 72 60 SL"))) == [("SPO2", 87.0), ("PR", 72.0), ("PA", 60.0)]


def test_how_the_monitor_is_set_up():
    signals = feed(NellcorDecoder(), "                             ADULT           25SAT-S ")
    assert told(signals) == [("MONITOR_SETUP", True, "adult, 25 SatSeconds")]


def test_columns_must_be_those_of_the_heading():
    decoder = NellcorDecoder()
    feed(decoder, HEADING, COLUMNS)
    assert feed(decoder, at(30, "98 72")) == []
    assert decoder.counters.frames_bad == 1
    feed(decoder, "TIME %SPO2 BPM Status")
    assert values(feed(decoder, at(32, "98 72 MO"))) == [("SPO2", 98.0), ("PR", 72.0)]
    assert feed(decoder, at(34, "98 72 60")) == []


def test_stored_values_are_not_of_now():
    decoder = NellcorDecoder()
    feed(decoder, at(30, "98 72 60"))
    trend = HEADING.replace("CRC:A1B2 ", "TREND")
    ((code, active, _),) = [
        item for item in told(feed(decoder, trend, COLUMNS)) if item[0] == "MONITOR_TREND"
    ]
    assert (code, active) == ("MONITOR_TREND", True)
    old = at(0, "81* 120 150", date="22-NOV-97")
    assert feed(decoder, old, old, old) == []
    assert decoder.counters.frames_ok == 6
    assert told(feed(decoder, "Output Complete")) == [("MONITOR_TREND", False, "")]
    assert values(feed(decoder, at(32, "98 72 60")))
    feed(decoder, trend, old)
    assert told(feed(decoder, HEADING)) == [("MONITOR_TREND", False, "")]
    assert values(feed(decoder, at(34, "98 72 60")))


def test_interactive_mode_is_noticed():
    decoder = NellcorDecoder()
    feed(decoder, "N-560   Interactive Mode", "    1) Dump Instrument Info", "", "    Command?")
    assert decoder.menu_open
    (identity,) = feed(decoder, "N-560 VERSION 1.61.00 INFO CRC:A1B2 SEC:12345")
    assert (identity.model, identity.firmware) == ("N-560", "1.61.00")
    assert decoder.menu_open
    feed(decoder, at(30, "98 72 60"))
    assert not decoder.menu_open


def test_the_emulator_is_known_by_its_name():
    (identity, *_) = feed(NellcorDecoder(), HEADING.replace("N-560", "CHAIRSIDE-SIM"))
    assert identity == DeviceIdentity("Chairside", "CHAIRSIDE-SIM", firmware="1.61.00", simulator=True)


def test_what_is_unknown_is_told_when_it_comes_again():
    decoder = NellcorDecoder()
    lines = [at(second, "98 72 60 XY") for second in (30, 32, 34)]
    assert [told(feed(decoder, line)) for line in lines] == [
        [],
        [("UNKNOWN_RECORD", True, "status XY")],
        [],
    ]
    texts = ["EVENT 17 button", "EVENT 18 button", "EVENT 19 button"]
    assert [told(feed(decoder, text)) for text in texts] == [
        [],
        [("UNKNOWN_RECORD", True, "EVENT 00 button")],
        [],
    ]
    assert decoder.counters.frames_bad == 3


def test_the_clock_is_a_tag_only():
    decoder = NellcorDecoder()
    for line in (at(30, "98 72 60"), at(10, "98 72 60"), at(59, "98 72 60", "31-DEC-99"), at(30, "98 72 60")):
        assert values(feed(decoder, line)) == [("SPO2", 98.0), ("PR", 72.0), ("PA", 60.0)]


def test_a_jump_waits_for_the_next_line():
    decoder = NellcorDecoder()
    assert values(feed(decoder, at(30, "98 72 60"))) == [("SPO2", 98.0), ("PR", 72.0), ("PA", 60.0)]
    assert values(feed(decoder, at(32, "97 130 60"))) == [("SPO2", 97.0), ("PA", 60.0)]
    assert values(feed(decoder, at(34, "97 131 90"))) == [("SPO2", 97.0), ("PR", 131.0)]
    assert values(feed(decoder, at(36, "97 131 90"))) == [("SPO2", 97.0), ("PR", 131.0), ("PA", 90.0)]


def damaged(line, kind, rng):
    spot = int(rng.integers(0, len(line)))
    octets = bytearray(line)
    if kind == "flip":
        octets[spot] ^= 1 << int(rng.integers(0, 8))
    elif kind == "random":
        octets[spot] = int(rng.integers(0, 256))
    elif kind == "drop":
        del octets[spot]
    else:
        octets.insert(spot, octets[spot])
    return bytes(octets)


@pytest.mark.parametrize("kind", ["flip", "random", "drop", "double"])
@pytest.mark.parametrize("truth", [(98, 72, 60), (100, 100, 8), (91, 57, 135)])
def test_at_most_one_damaged_line_in_200_is_believed(kind, truth):
    """Protocols without a checksum: a false SpO2 or pulse rate from at most 1 of 200 damaged lines."""
    rng = np.random.default_rng(5)
    spo2, pr, pa = truth
    decoder = NellcorDecoder()
    feed(decoder, HEADING, COLUMNS)
    false = 0
    trials = 2000
    for trial in range(trials):
        line = f"02-JAN-26 10:{trial // 30 % 60:02}:{2 * trial % 60:02}{spo2:>6} {pr:>7} {pa:>7}{'':22}\r\n".encode()
        decoder.feed(line * 2)
        heard = [s for s in decoder.feed(damaged(line, kind, rng) + line) if isinstance(s, NumericReading)]
        true = {"SPO2": spo2, "PR": pr, "PA": pa}
        false += any(s.value != true[s.name] for s in heard)
    assert false <= trials / 200


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=80),
            st.sampled_from([HEADING, COLUMNS, at(30, "98 72 60"), at(32, "--- --- --- SO")]).map(
                lambda text: f"{text}\r\n".encode()
            ),
        ),
        max_size=20,
    )
)
def test_any_bytes_are_taken(pieces):
    whole, parts = NellcorDecoder(), NellcorDecoder()
    signals = whole.feed(b"".join(pieces))
    assert [signal for piece in pieces for signal in parts.feed(piece)] == signals
    assert whole.counters == parts.counters
    assert whole.buffered <= LONGEST_LINE
    for signal in signals:
        if isinstance(signal, NumericReading):
            assert (signal.value is None) == bool(signal.quality & Quality.INVALID)


def test_noise_says_nothing_and_takes_no_memory():
    rng = np.random.default_rng(9)
    decoder = NellcorDecoder()
    signals = []
    for _ in range(100):
        signals += decoder.feed(rng.bytes(10_000))
        assert decoder.buffered <= LONGEST_LINE
    assert signals == []
    counters = decoder.counters
    assert (counters.bytes_in, counters.frames_ok) == (1_000_000, 0)
    assert counters.bytes_discarded + decoder.buffered == 1_000_000
