import numpy as np
import pytest

from devices.protocols.efficia_hl7.decoder import EfficiaHl7Decoder
from devices.protocols.hl7.mllp import MAX_BUFFERED
from devices.protocols.hl7.timestamp import parse_timestamp
from devices.signals import (
    Counters,
    DeviceIdentity,
    DeviceStatus,
    NibpResult,
    NumericReading,
    Quality,
)

ORF = "MSH|^~\\&|^EfficiaCM||||20260102101530||ORF^R04|MONITORABC000000002D|P|2.4|||||||||2.16.840.1.113883.9.2.1"
ORU = ORF.replace("ORF^R04", "ORU^R01^ORU_R01")
ACK = "MSH|^~\\&|^EfficiaCM||||20260102101530||ACK|MONITORABC000000002E|P|2.4"
SENT_S = parse_timestamp("20260102101530")
SPO2 = "OBX||NM|0002-4bb8^SpO2^MDIL||97|0004-0220^%^MDIL|||||F"
HR = "OBX||NM|0002-4182^HR^MDIL||{}|0004-0aa0^bpm^MDIL|||||F"
NBP = "OBX||NM|0002-4a05^NBPs^MDIL||124|0004-0f20^mmHg^MDIL|||||F|||20260102101500"


def framed(*lines: str) -> bytes:
    return b"\x0b" + "".join(line + "\r" for line in lines).encode("utf-8") + b"\x1c\r"


def feed(*messages):
    decoder = EfficiaHl7Decoder()
    return [signal for message in messages for signal in decoder.feed(message)]


def readings(signals):
    return {s.name: s.value for s in signals if isinstance(s, NumericReading)}


def statuses(signals):
    return [(s.code, s.active, s.detail) for s in signals if isinstance(s, DeviceStatus)]


def test_the_example_reply_of_the_document():
    """protocols.md §4, its two observations as printed."""
    signals = feed(framed(ORF, "MSA|AA|APP0000001", "QRD|20260102101530|R|I|Q0000001|||||STA", SPO2, NBP))
    assert signals == [
        DeviceIdentity("Philips", "EfficiaCM", "MONITORABC"),
        NumericReading("SPO2", 97.0, "%", device_time_s=SENT_S),
        NibpResult(124.0, None, None, device_time_s=SENT_S - 30),
    ]


def test_the_guide_s_own_observations():
    """Efficia CM Series Data Export Guide p 3-17: SpO2 98, NBP 122/85 (98), pulse 80 by SpO2, Resp 20, Temp 37.4."""
    lines = (
        "OBX||NM|0002-4bb8^SpO2^MDIL||98|0004-0220^%^MDIL|||||F",
        "OBX||NM|0002-4a05^NBPs^MDIL||122|0004-0f20^mmHg^MDIL|||||F|||20120510123500",
        "OBX||NM|0002-4a06^NBPd^MDIL||85|0004-0f20^mmHg^MDIL|||||F|||20120510123500",
        "OBX||NM|0002-4a07^NBPm^MDIL||98|0004-0f20^mmHg^MDIL|||||F|||20120510123500",
        "OBX||NM|0002-480a^Pulse^MDIL||80|0004-0aa0^bpm^MDIL|||||F||||||0002-4bb8^SpO2^MDIL",
        "OBX||NM|0002-5000^Resp^MDIL||20|0004-0ae0^rpm^MDIL|||||F",
        "OBX||NM|0002*f0c7^Temp^MDIL||37.4|0004-1710^C^MDIL|||||F||||||0002-f110^Oral^MDIL",
    )
    signals = feed(framed(ORF, *lines))
    assert readings(signals) == {"SPO2": 98, "PR": 80, "RR": 20, "TEMP": 37.4}
    (result,) = [s for s in signals if isinstance(s, NibpResult)]
    assert (result.systolic_mmhg, result.diastolic_mmhg, result.mean_mmhg) == (122, 85, 98)
    assert result.device_time_s == parse_timestamp("20120510123500")


def test_a_message_of_a_real_monitor():
    """As one pushes it over a network: empty patient, no NBP."""
    signals = feed(
        framed(
            "MSH|^~\\&|^EfficiaCM||||20130103021726||ORU^R01^ORU_R01|CN92390246000000000A|P|2.4",
            "PID|||1234||^Erick^",
            "PV1|||^^|||||||||||||||A|1234",
            "ORC|NW|||||||||||||||||CN92390246",
            "OBR||||MONITOR|||20130103021700|||",
            HR.format(60),
            "OBX||NM|0002-4bb8^SpO2^MDIL||96|0004-0220^%^MDIL|||||F",
            "OBX||NM|0002-5000^Resp^MDIL||20|0004-0ae0^rpm^MDIL|||||F",
            "OBX||NM|0002-480a^Pulse^MDIL||59|0004-0aa0^bpm^MDIL|||||F",
        )
    )
    assert readings(signals) == {"HR": 60, "SPO2": 96, "RR": 20, "PR": 59}
    assert signals[0] == DeviceIdentity("Philips", "EfficiaCM", "CN92390246")


def test_the_patient_s_name_goes_nowhere():
    signals = feed(framed(ORF, "PID|||MRN1234||JONES^MARY^A", SPO2))
    assert "JONES" not in repr(signals)
    assert "MRN1234" not in repr(signals)


def test_a_pulse_counted_by_the_cuff_is_no_running_pulse():
    pulse = "OBX||NM|0002-480a^Pulse^MDIL||71|0004-0aa0^bpm^MDIL|||||F|||20260102101500|||0002-4a05^NBP^MDIL"
    signals = feed(framed(ORF, NBP, pulse))
    assert readings(signals) == {"PR": None}
    (result,) = [s for s in signals if isinstance(s, NibpResult)]
    assert result.pulse_per_min == 71


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((72, 80, 90), [72, 80, 90]),
        ((72, 12, 72), [72, 72]),  # one damaged answer
        ((72, 120, 122), [72, 122]),  # a real jump: believed at the second
        ((72, 120, 150, 152), [72, 152]),
    ],
)
def test_a_jump_needs_two_answers(values, told):
    decoder = EfficiaHl7Decoder()
    heard = []
    for value in values:
        heard += list(readings(decoder.feed(framed(ORF, HR.format(value)))).values())
    assert heard == told


def test_unsure_after_a_jump_until_it_is_settled():
    decoder = EfficiaHl7Decoder()
    decoder.feed(framed(ORF, HR.format(72)))
    assert not decoder.unsure
    decoder.feed(framed(ORF, HR.format(120)))
    assert decoder.unsure
    decoder.feed(framed(ORF, HR.format(121)))
    assert not decoder.unsure


def test_damage_between_two_answers_keeps_a_jump_waiting():
    decoder = EfficiaHl7Decoder()
    said = decoder.feed(framed(ORF, HR.format(72)))
    said = decoder.feed(framed(ORF, HR.format(120)) + b"\x00" + framed(ORF, HR.format(121)))
    assert readings(said) == {}
    assert readings(decoder.feed(framed(ORF, HR.format(122)))) == {"HR": 122}


@pytest.mark.parametrize(
    ("alert", "status"),
    [
        ("OBX||TX|2^Yellow Alarm^MDIL-ALERT||SpO2 High, SpO2=98 %||||||F", "yellow: SpO2 High, SpO2=98 %"),
        ("OBX||TX|2^Yellow Alarm^MDIL-ALERT||HR Low, HR=55 /min||||||F", "yellow: HR Low, HR=55 /min"),
        ("OBX||TX|1^Red Alarm^MDIL-ALERT||Asystole||||||F", "red: Asystole"),
        ("OBX||TX|5^HardInop^MDIL-ALERT||SpO2T  No Pulse||||||F", "technical: SpO2T No Pulse"),
        ("OBX||TX|6^Soft Inop^MDIL-ALERT||NBP Cuff Leak||||||F", "technical: NBP Cuff Leak"),
        ("OBX||TX|9^Blue Alarm^MDIL-ALERT||Something||||||F", "blue alarm: Something"),
        (
            "OBX||TX|2^Yellow Alarm^MDIL-ALERT||SpO₂ baja, SpO₂ = 80 %||||||F",
            "yellow: SpO₂ baja, SpO₂ = 80 %",
        ),
    ],
)
def test_alarms_of_the_monitor(alert, status):
    decoder = EfficiaHl7Decoder()
    said = decoder.feed(framed(ORU, "OBR||||ALARM|||20140510124500|||OPERATOR12", alert))
    assert statuses(said) == [("MONITOR_ALARM", True, status)]
    assert (
        statuses(decoder.feed(framed(ORU, SPO2))) == []
    )  # a pushed message with numbers says nothing of alarms
    assert statuses(decoder.feed(framed(ORF, SPO2))) == [("MONITOR_ALARM", False, "")]  # an answer tells all


def test_alarms_together_and_their_end():
    red, yellow = (
        f"OBX||TX|{c}^A^MDIL-ALERT||{words}||||||F" for c, words in ((1, "Asystole"), (2, "SpO2 Low"))
    )
    ended = "OBX||TX|1^A^MDIL-ALERT||||||||F"
    decoder = EfficiaHl7Decoder()
    assert statuses(decoder.feed(framed(ORU, yellow, red)))[-1] == (
        "MONITOR_ALARM",
        True,
        "red: Asystole; yellow: SpO2 Low",
    )
    assert statuses(decoder.feed(framed(ORU, ended))) == [("MONITOR_ALARM", False, "")]


def test_refusal_and_its_end():
    refusal = framed(ACK, "MSA|AE|APP0000001|Invalid query")
    decoder = EfficiaHl7Decoder()
    assert statuses(decoder.feed(refusal * 2)) == [
        ("QUERY_REFUSED", True, "the monitor refused the query: Invalid query")
    ]
    assert decoder.counters.frames_ok == 2
    assert statuses(decoder.feed(framed(ORF, SPO2))) == [("QUERY_REFUSED", False, "")]
    assert statuses(feed(framed(ACK, "MSA|AR|APP0000001"))) == [
        ("QUERY_REFUSED", True, "the monitor refused the query")
    ]
    assert feed(framed(ACK, "MSA|AA|APP0000001")) == []


@pytest.mark.parametrize(
    ("line", "record"),
    [
        ("ZPI|1|2", "segment ZPI"),
        ("OBX||ST|0002-d007^RhySta^MDIL|0|Learning Rhythm||||||F", "OBX ST 0002-d007 RhySta"),
        ("OBX||SN|0002-4182^HR^MDIL||>^200||||||F", "OBX SN 0002-4182 HR"),
    ],
)
def test_unknown_records_are_told_once(line, record):
    said = feed(framed(ORF, line, SPO2), framed(ORF, line, SPO2))
    assert statuses(said) == [("UNKNOWN_RECORD", True, record)]
    assert readings(said) == {"SPO2": 97}


def test_other_messages_are_unknown_records_and_unknown_values_keep_their_name():
    assert statuses(feed(framed(ORF.replace("ORF^R04", "ADT^A01")))) == [
        ("UNKNOWN_RECORD", True, "message ADT")
    ]
    said = feed(framed(ORF, "OBX||NM|0002-50b0^etCO2^MDIL||5.1|0004-0f03^kPa^MDIL|||||F"))
    assert readings(said) == {"etCO2": pytest.approx(38.25, abs=0.01)}


def test_training_and_debugging_messages_are_marked():
    for letter, quality in (("P", Quality.GOOD), ("T", Quality.DEMO), ("D", Quality.DEMO)):
        said = feed(framed(ORF.replace("|P|", f"|{letter}|"), SPO2))
        assert [s.quality for s in said if isinstance(s, NumericReading)] == [quality]


@pytest.mark.parametrize(
    "header",
    [
        ORF.replace("|P|2.4", "|Q|2.4"),
        ORF.replace("2.4", "24"),
        ORF.replace("ORF^R04", "oRF^R04"),
        ORF.replace("MONITORABC000000002D", ""),
        ORF.replace("20260102101530", "20261502101530"),
        ORF.replace("^~\\&", "^~\\$"),
    ],
)
def test_a_damaged_envelope_is_not_believed(header):
    decoder = EfficiaHl7Decoder()
    assert decoder.feed(framed(header, SPO2)) == []
    assert decoder.counters.frames_bad == 1


def test_one_damaged_field_discards_the_whole_message():
    data = framed(ORF, SPO2, HR.format("7:"))
    decoder = EfficiaHl7Decoder()
    assert decoder.feed(data) == []
    assert decoder.counters == Counters(len(data), 0, 1, 1, len(data))


def test_another_identity_needs_two_messages():
    decoder = EfficiaHl7Decoder()
    other = ORF.replace("MONITORABC", "MONITORABD")
    told = [
        signal
        for header in (ORF, other, ORF, other, other)
        for signal in decoder.feed(framed(header, SPO2))
        if isinstance(signal, DeviceIdentity)
    ]
    assert [identity.serial_number for identity in told] == ["MONITORABC", "MONITORABD"]


def test_few_flipped_bits_are_believed():
    """At most 1 in 200 damaged frames may give a wrong value; 97 in every field here, so that none is out of reach."""
    lines = [SPO2, HR.format(72), NBP, NBP.replace("4a05^NBPs", "4a06^NBPd").replace("124", "78")]
    envelope = (
        "MSA|AA|APP0000001",
        "QRD|20260102101530|R|I|Q0000001|||||STA",
        "PID|||ID Unknown",
        "PV1|||^^",
    )
    frame = framed(
        ORF, *envelope, "ORC|NW|||||||||||||||||CHAIR 3", "OBR||||MONITOR|||20260102101530", *lines
    )
    decoder = EfficiaHl7Decoder()
    right = set(readings(decoder.feed(frame)).items())
    wrong = 0
    for bit in range(8 * len(frame)):
        damaged = bytearray(frame)
        damaged[bit // 8] ^= 1 << bit % 8
        decoder.feed(frame + frame)
        said = decoder.feed(bytes(damaged))
        known = {
            (s.name, s.value) for s in said if isinstance(s, NumericReading) and s.name in ("HR", "SPO2")
        }
        wrong += not known <= right or any(isinstance(s, NibpResult) for s in said)
    assert wrong / (8 * len(frame)) <= 1 / 200


def test_random_bytes_do_no_harm():
    decoder = EfficiaHl7Decoder()
    rng = np.random.default_rng(5)
    for _ in range(100):
        decoder.feed(rng.bytes(10_000))
        assert decoder.buffered <= MAX_BUFFERED
    counters = decoder.counters
    assert counters.bytes_in == 1_000_000
