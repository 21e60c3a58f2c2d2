import tomllib
from pathlib import Path

import pytest

from devices.declarative_file import load_declarative
from devices.description import read_description
from devices.drivers.base import NibpTiming, SerialSettings
from devices.errors import ConfigError
from devices.registry import driver_info, make_driver, make_monitor, parse_device
from tests.devices.fake_patient import FakePatient

HERE = Path(__file__).parent / "protocols" / "delimited"
SPOT = (HERE / "acme_spot.toml").read_text(encoding="utf-8")
FIELDS = (HERE / "acme_fields.toml").read_text(encoding="utf-8")
HL7 = (HERE / "mindray_like.toml").read_text(encoding="utf-8")


def test_information_from_the_file():
    info = load_declarative(HERE / "acme_spot.toml").driver.info
    assert (info.id, info.name, info.nibp) == ("acme-spot", "Acme Spot 200", NibpTiming.MONITOR)
    assert info.numerics == ("HR", "SPO2", "PR", "TEMP")
    assert info.serial == SerialSettings(9600)
    assert info.other_serial == (SerialSettings(19200), SerialSettings(4800, 7, "E"))
    assert "It cannot tell a finger out of the probe from a probe that is unplugged." in info.cannot
    assert load_declarative(HERE / "acme_fields.toml").driver.info.nibp is NibpTiming.NONE


@pytest.mark.parametrize(
    ("source", "old", "new", "place"),
    [
        (SPOT, "[monitor]", "[monitr]", "x.toml, 'monitor'"),
        (SPOT, 'id = "acme-spot"', 'id = "Acme Spot"', "x.toml, [monitor], 'id'"),
        (SPOT, 'id = "acme-spot"', "id = 5", "x.toml, [monitor], 'id'"),
        (SPOT, 'name = "Acme Spot 200"', "", "x.toml, [monitor], 'name'"),
        (SPOT, "interval_s = 1.0", "interval_s = 0", "x.toml, [monitor], 'interval_s'"),
        (SPOT, "interval_s = 1.0", "intervall_s = 1", "x.toml, [monitor], 'interval_s'"),
        (SPOT, 'quiet = ["00"]', "quiet = 0", "x.toml, [monitor], 'quiet'"),
        (SPOT, "that is unplugged.", "that is unplugged", "x.toml, [monitor], 'cannot'"),
        (SPOT, 'model = "Spot 200"', 'model = "Spot 200"\nmodle = "x"', "x.toml, [monitor], 'modle'"),
        (SPOT, "baud = 9600", 'baud = "9600"', "x.toml, [serial], 'baud'"),
        (SPOT, 'parity = "E"', 'parity = "X"', "x.toml, [serial], other 2, 'parity'"),
        (SPOT, "baud = 9600", "baud = 9600\nrtscts = 1", "x.toml, [serial], 'rtscts'"),
        (SPOT, 'form = "key=value"', 'form = "csv"', "x.toml, [line], 'form'"),
        (SPOT, 'checksum = "xor"', 'checksum = "crc"', "x.toml, [line], 'checksum'"),
        (SPOT, 'ending = "\\r\\n"', 'ending = ";"', "x.toml, [line], 'ending'"),
        (SPOT, 'separator = ","', 'separator = "="', "x.toml, [line], 'separator'"),
        (SPOT, 'form = "YYYY-MM-DD hh:mm:ss"', 'form = "YYYY-MM-DD"', "x.toml, [time], 'form'"),
        (SPOT, 'unit = "%"', 'unit = "percent"', "x.toml, field 2, 'unit'"),
        (SPOT, "scale = 0.1", "scale = 0", "x.toml, field 4, 'scale'"),
        (SPOT, "scale = 0.1", "low = 50\nhigh = 10", "x.toml, field 4, 'high'"),
        (SPOT, "width = 3", "width = 3.5", "x.toml, field 3, 'width'"),
        (SPOT, 'field = "BPM"', 'field = "HR"', "x.toml, 'field'"),
        (SPOT, 'name = "PR"', 'name = "HR"', "x.toml, 'field'"),
        (SPOT, 'systolic = "SYS"', "", "x.toml, [nibp], 'systolic'"),
        (SPOT, 'time = "BPT"', "", "x.toml, [nibp], 'time'"),
        (SPOT, 'status = "BPS"', "", "x.toml, [nibp], 'failures'"),
        (SPOT, '"movement"', '"wriggling"', "x.toml, [nibp], 'failures.MOVE'"),
        (SPOT, "failures = {", "failures = 5 # {", "x.toml, [nibp], 'failures'"),
        (FIELDS, "field = 4", "field = 5", "x.toml, field 3, 'field'"),
        (FIELDS, "field = 4", 'field = "PA"', "x.toml, field 3, 'field'"),
        (FIELDS, 'invalid = ["---"]', "", "x.toml, 'field'"),
        (FIELDS, 'form = "hh:mm:ss"', 'form = "hh mm ss"', "x.toml, 'time'"),
        (SPOT, 'ok = ["OK"]', "", "x.toml, [nibp], 'ok'"),
        (FIELDS, "count = 4", "", "x.toml, [line], 'count'"),
        (HL7, 'form = "hl7"', 'form = "hl7"\nseparator = ","', "x.toml, [line], 'separator'"),
        (HL7, "interval_s = 5.0", 'interval_s = 5.0\nrequest = "hello"', "x.toml, [monitor], 'request'"),
        (HL7, "[nibp]", '[time]\nfield = "x"\nform = "hh:mm"\n[nibp]', "x.toml, [time], 'field'"),
    ],
)
def test_a_mistake_is_one_sentence_that_says_where(source, old, new, place):
    assert old in source
    with pytest.raises(ConfigError) as caught:
        read_description("x.toml", tomllib.loads(source.replace(old, new, 1)))
    message = str(caught.value)
    assert message.startswith(place)
    assert message.endswith(".")
    assert "\n" not in message


def test_a_file_without_fields():
    content = tomllib.loads(FIELDS)
    del content["field"]
    with pytest.raises(ConfigError, match=r"\[\[field\]\]"):
        read_description("x.toml", content)


@pytest.mark.parametrize("content", [b"[monitor\n", b"\xff\xfe", b"# " + b"x" * 300_000])
def test_files_that_are_none(tmp_path, content):
    path = tmp_path / "wrong.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"wrong\.toml"):
        load_declarative(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match="no monitor description"):
        load_declarative(tmp_path / "missing.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_declarative(tmp_path)


def test_on_the_command_line(tmp_path):
    path = tmp_path / "My@Monitor.toml"
    path.write_text(SPOT, encoding="utf-8")
    address = parse_device(f"file:{path}@/dev/ttyUSB0")
    assert (address.driver_id, address.port) == (f"file:{path}", "/dev/ttyUSB0")
    assert address.source == "acme-spot@/dev/ttyUSB0"
    assert make_driver(address.driver_id).info is not None
    assert driver_info(address.driver_id).id == "acme-spot"
    assert make_monitor(address.driver_id, FakePatient(), seed=1).advance(1.0).startswith(b"$T=2026-01-05")
    with pytest.raises(ConfigError, match="no monitor description"):
        parse_device("file:/nowhere/x.toml@COM3")
    with pytest.raises(ConfigError, match="names no device"):
        parse_device(f"file:{path}".replace("@", ""))
