"""The first eleven segments are printed in the Efficia CM Series Data Export Guide, p 3-17 and 3-18."""

import pytest

from devices.protocols.efficia_hl7.observation import read_observation
from devices.protocols.hl7.message import Segment
from devices.signals import Quality

GOOD, BAD = Quality.GOOD, Quality.INVALID


def read(line: str):
    return read_observation(Segment(tuple(line.split("|"))))


@pytest.mark.parametrize(
    ("line", "name", "value", "unit", "quality", "of_cuff"),
    [
        ("OBX||NM|0002-4bb8^SpO2^MDIL||98|0004-0220^%^MDIL|||||F", "SPO2", 98, "%", GOOD, False),
        (
            "OBX||NM|0002-4a05^NBPs^MDIL||122|0004-0f20^mmHg^MDIL|||||F|||20120510123500",
            "NBP_SYS",
            122,
            "mm[Hg]",
            GOOD,
            True,
        ),
        (
            "OBX||NM|0002-4a06^NBPd^MDIL||85|0004-0f20^mmHg^MDIL|||||F|||20120510123500",
            "NBP_DIA",
            85,
            "mm[Hg]",
            GOOD,
            True,
        ),
        (
            "OBX||NM|0002-4a07^NBPm^MDIL||98|0004-0f20^mmHg^MDIL|||||F|||20120510123500",
            "NBP_MEAN",
            98,
            "mm[Hg]",
            GOOD,
            True,
        ),
        (
            "OBX||NM|0002-480a^Pulse^MDIL||80|0004-0aa0^bpm^MDIL|||||F||||||0002-4bb8^SpO2^MDIL",
            "PR",
            80,
            "/min",
            GOOD,
            False,
        ),
        ("OBX||NM|0002-5000^Resp^MDIL||20|0004-0ae0^rpm^MDIL|||||F", "RR", 20, "/min", GOOD, False),
        (
            "OBX||NM|0002*f0c7^Temp^MDIL||37.4|0004-1710^C^MDIL|||||F||||||0002-f110^Oral^MDIL",
            "TEMP",
            37.4,
            "Cel",
            GOOD,
            False,
        ),
        ("OBX||NM|0002-4a05^NBPs^MDIL|||0004-0f20^mmHg^MDIL|||||F", "NBP_SYS", None, "mm[Hg]", BAD, True),
        ("OBX||NM|0002-4bb8^SpO2^MDIL|||0004-0220^%^MDIL|||||X", "SPO2", None, "%", BAD, False),
        ("OBX||NM|0002-4182^HR^MDIL|||0004-0aa0^bpm^MDIL|||||X", "HR", None, "/min", BAD, False),
        ("OBX||NM|0007-f0c7^T1^MDIL||99.1|0004-1140^F^MDIL|||||F", "TEMP", 37.2778, "Cel", GOOD, False),
        # Ours from here on.
        ("OBX||NM|0002-4182^HR^MDIL||72|0004-0aa0^bpm^MDIL|||||X", "HR", None, "/min", BAD, False),
        ("OBX||NM|0002-4182^HR^MDIL||72|0004-0aa0^bpm^MDIL|||||P", "HR", 72, "/min", Quality.QUESTIONABLE, False),
        ("OBX||NM|0002-4182^HR^MDIL||72|0004-0aa0^bpm^MDIL|||||C", "HR", 72, "/min", GOOD, False),
        ("OBX||NM|0002-4182^HR^MDIL||0|0004-0aa0^bpm^MDIL|||||F", "HR", 0, "/min", GOOD, False),
        ("OBX||NM|0002-4182^HR^MDIL||720|0004-0aa0^bpm^MDIL|||||F", "HR", None, "/min", BAD, False),
        ("OBX||NM|0002-4bb8^SpO2^MDIL||0|0004-0220^%^MDIL|||||F", "SPO2", None, "%", BAD, False),
        ("OBX||NM|0002-4a05^NBPs^MDIL||16.3|0004-0f03^kPa^MDIL|||||F", "NBP_SYS", 122.26, "mm[Hg]", GOOD, True),
        (
            "OBX||NM|0002-480a^Pulse^MDIL||71|0004-0aa0^bpm^MDIL|||||F|||20120510123500|||0002-4a05^NBP^MDIL",
            "PR",
            71,
            "/min",
            GOOD,
            True,
        ),
        ("OBX||NM|0002-480a^Pulse^MDIL||71|0004-0aa0^bpm^MDIL|||||F||||||^NBP", "PR", 71, "/min", GOOD, True),
        ("OBX||NM|0002-50b0^etCO2^MDIL||38|0004-0f20^mmHg^MDIL|||||F", "etCO2", 38, "mm[Hg]", GOOD, False),
        ("OBX||NM|0002-0302^ST-II^MDIL||-0.4|0004-0512^mm^MDIL|||||F", "ST-II", -0.4, "mm", GOOD, False),
        ("OBX||NM|0401-1234^New^MDIL||5|0004-9999^furlong^MDIL|||||F", "New", 5, "furlong", GOOD, False),
        ("OBX||NM|0002-4192^HR^MDIL||5|0004-0aa0^bpm^MDIL|||||F", "HR 0002-4192", 5, "/min", GOOD, False),
    ],
)  # fmt: skip
def test_reading_a_segment(line, name, value, unit, quality, of_cuff):
    seen = read(line)
    assert seen is not None
    assert (seen.name, seen.unit, seen.quality, seen.of_cuff) == (name, unit, quality, of_cuff)
    assert seen.value == (None if value is None else pytest.approx(value, abs=0.01))


@pytest.mark.parametrize(
    "line",
    [
        "OBX||NM|0002-4182^HR^MDIL||7:|0004-0aa0^bpm^MDIL|||||F",
        "OBX||NM|0002-4182^HR^MDIL||7 2|0004-0aa0^bpm^MDIL|||||F",
        "OBX||NM|0002-4182^HR^MDIL||72000|0004-0aa0^bpm^MDIL|||||F",
        "OBX||NM|0002-4182^HR^MDIL||72|0004-0aa0^bpm^MDIL|||||f",
        "OBX||NM|0002-4182^HR^MDIL||72|0004-0aa0^bpm^MDIL",
        "OBX||NM|0002-4182^HR^MDIL||72|0004-0aa0^%^MDIL|||||F",  # code and text of the unit disagree
        "OBX||NM|0002-4182^HR^MDIL||72|0004-0220^%^MDIL|||||F",  # no heart rate is in per cent
        "OBX||NM|0002-4182^HR^MDIL||72|0004-0ab1^bqm^MDIL|||||F",
        "OBX||NM|0002-4a05^NBPs^MDIL||122|0004-0f20^mmHg^MDIL|||||F|||20121510123500",
        "OBX||NM|||72|0004-0aa0^bpm^MDIL|||||F",
        "OBX||NM|0002-4182^H\x80R^MDIL||72|0004-0aa0^bpm^MDIL|||||F",
    ],
)
def test_what_cannot_be_whole_is_none(line):
    assert read(line) is None
