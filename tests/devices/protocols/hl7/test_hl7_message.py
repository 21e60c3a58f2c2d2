import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.hl7.message import escape, message_bytes, parse_message, segment_text, unescape

ORU = (
    b"MSH|^~\\&|^EfficiaCM||||20140510124500||ORU^R01^ORU_R01|MONITORABC000000002D|P|2.4|||||||||2.16.840.1.113883.9.2.1\r"
    b"PID|||MRN1234||JONES^MARY^A\r"
    b"OBX||NM|0002-480a^Pulse^MDIL||80|0004-0aa0^bpm^MDIL|||||F||||||0002-4bb8^SpO2^MDIL\r"
)


def test_fields_are_numbered_as_the_standard_does():
    message = parse_message(ORU)
    assert message is not None
    header = message.header
    assert (header.field(1), header.field(2), header.component(3, 2)) == ("|", "^~\\&", "EfficiaCM")
    assert (header.component(9), header.component(9, 3), header.field(10)) == (
        "ORU",
        "ORU_R01",
        "MONITORABC000000002D",
    )
    assert (header.field(12), header.field(21)) == ("2.4", "2.16.840.1.113883.9.2.1")
    (obx,) = message.all("OBX")
    assert (obx.id, obx.field(2), obx.field(5), obx.component(17, 2)) == ("OBX", "NM", "80", "SpO2")
    assert (obx.field(40), obx.component(3, 9), obx.component(99)) == ("", "", "")
    assert message.first("ZZZ") is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"PID|1\r",
        b"MSH|^~\\#|x\r",
        b"MSH|^~\\&|x\rpid|1\r",
        b"MSH|^~\\&|x\rOB\r",
        b"MSH|^~\\&|x\rOBX||\x01\r",
        b"MSH|^~\\&|x\rOBX||\x7f\r",
    ],
)
def test_what_cannot_be_whole_is_none(body):
    assert parse_message(body) is None


def test_other_line_ends_and_other_alphabets():
    message = parse_message(b"MSH|^~\\&|x\r\nNTE|||SpO\xc2\xb2 baja\r\n\r\n")
    assert message is not None
    assert [s.id for s in message.segments] == ["MSH", "NTE"]
    assert message.segments[1].field(3) == "SpO² baja"
    latin = parse_message(b"MSH|^~\\&|x\rNTE|||36.6 \xb0C\r")
    assert latin is not None
    assert latin.segments[1].field(3) == "36.6 °C"


@pytest.mark.parametrize(
    ("wire", "text"),
    [
        (r"a\F\b", "a|b"),
        (r"\S\\T\\R\\E\ ", "^&~\\ "),
        (r"\X41C2\z", "AÂz"),
        (r"\H\bold\N\ ", r"\H\bold\N\ "),
        ("\\", "\\"),
    ],
)
def test_escapes(wire, text):
    assert unescape(wire) == text


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_escaped_text_survives_and_ends_no_field(text):
    wire = escape(text)
    assert not set(wire) & set("|^~&\r\n")
    assert unescape(wire) == text


def test_segments_are_written_without_trailing_separators():
    assert segment_text("MSA", "AA", "X", "") == "MSA|AA|X"
    assert segment_text("MSH", "^EfficiaCM", "", "") == "MSH|^~\\&|^EfficiaCM"
    assert message_bytes("MSA|AA|X", "PID") == b"MSA|AA|X\rPID\r"


@pytest.mark.parametrize("name", ["mindray_vs900_demo.hl7", "philips_pcd01_example_numeric_part.hl7"])
def test_messages_of_other_makers_are_read(shared_data, name):
    body = (shared_data / "hl7v2" / name).read_bytes()
    message = parse_message(body)
    assert message is not None
    values = {s.component(3): s.field(5) for s in message.all("OBX")}
    expected = {"150456": "100", "150301": "166"} if "mindray" in name else {"147842": "60"}
    assert expected.items() <= values.items()
