import pytest

from devices.protocols.intellivue_mib.decoder import IntellivueDecoder
from devices.signals import DeviceStatus, NibpFailure, NibpResult
from tests.devices.protocols.intellivue_mib import wire_writer as w

RED, YELLOW, SHORT_YELLOW, CYAN = 0x0400, 0x0200, 0x0100, 0x0001


def told(*frames):
    """What the last frame brought."""
    decoder = IntellivueDecoder()
    for frame in frames[:-1]:
        decoder.feed(frame)
    return decoder.feed(frames[-1])


@pytest.mark.parametrize(
    ("alarms", "detail"),
    [
        ({"patient": [w.alarm(YELLOW, "** HR 130>120")]}, "yellow: ** HR 130>120"),
        ({"patient": [w.alarm(SHORT_YELLOW, "* PVC")]}, "yellow: * PVC"),
        (
            {"patient": [w.alarm(YELLOW, "** HR 40<50"), w.alarm(RED, "*** DESAT")], "technical": [w.alarm(CYAN, "BATT LOW")]},
            "red: *** DESAT; yellow: ** HR 40<50; cyan: BATT LOW",
        ),
        ({"technical": [w.alarm(0x0004, "BATT LOW")]}, "cyan: BATT LOW"),
        ({"patient": [w.alarm(RED, "", general=True)]}, "red: alarm 0028 of 4182"),
    ],
)  # fmt: skip
def test_alarms_in_the_monitors_own_words(alarms, detail):
    assert told(w.alarms(**alarms)) == [DeviceStatus("MONITOR_ALARM", True, detail)]


def test_alarms_are_told_once_and_end():
    alarm = w.alarms(patient=[w.alarm(YELLOW, "** HR 130>120")])
    assert told(alarm, alarm) == []
    assert told(alarm, w.alarms()) == [DeviceStatus("MONITOR_ALARM", active=False)]


@pytest.mark.parametrize(
    ("text", "code", "detail"),
    [
        ("ECG LEADS OFF", "ECG_LEAD_OFF", ""),
        ("LEADS OFF", "ECG_LEAD_OFF", ""),
        ("LA LEAD OFF", "ECG_LEAD_OFF", "LA"),
        ("V LEAD OFF", "ECG_LEAD_OFF", "V"),
        ("NOISY ECG", "ECG_WEAK", ""),
        ("SpO2 NO SENSOR", "SPO2_PROBE_UNPLUGGED", ""),
        ("SpO2 UNPLUGGED", "SPO2_PROBE_UNPLUGGED", ""),
        ("SpO2 SENSOR OFF", "SPO2_NO_FINGER", ""),
        ("SpO2 NON-PULSAT.", "SPO2_NO_FINGER", ""),
        ("SpO2 SEARCHING", "SPO2_SEARCHING", ""),
    ],
)
def test_sensor_conditions(text, code, detail):
    on = w.alarms(technical=[w.alarm(CYAN, text)])
    assert DeviceStatus(code, True, detail) in told(on)
    assert DeviceStatus(code, active=False) in told(on, w.alarms())


def test_several_electrodes():
    both = w.alarms(technical=[w.alarm(CYAN, "RA LEAD OFF"), w.alarm(CYAN, "LA LEAD OFF")])
    assert DeviceStatus("ECG_LEAD_OFF", True, "LA, RA") in told(both)


@pytest.mark.parametrize(
    ("state", "code", "detail"),
    [
        (0x8000, "MONITOR_ALARMS_OFF", "off"),
        (0x4000, "MONITOR_ALARMS_OFF", "paused"),
        (0x0400, "MONITOR_TEST", ""),
        (0x0200, "MONITOR_STANDBY", ""),
        (0x0100, "MONITOR_DEMO", ""),
    ],
)
def test_alert_condition(state, code, detail):
    assert told(w.alarms(state=state)) == [DeviceStatus(code, True, detail)]
    assert told(w.alarms(state=state), w.alarms()) == [DeviceStatus(code, active=False)]


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("NBP CUFF OVERPRESS", NibpFailure.OVER_PRESSURE),
        ("NBP CUFF NOT DEFL", NibpFailure.BLOCKED),
        ("NBP INTERRUPTED", NibpFailure.TIMED_OUT),
        ("NBP MEASURE FAILED", NibpFailure.WEAK),
        ("NBP EQUIP MALF", NibpFailure.ERROR),
    ],
)
def test_cuff_failures(text, failure):
    said = told(w.alarms(), w.alarms(technical=[w.alarm(CYAN, text)]))
    assert NibpResult(None, None, None, failure=failure) in said
    assert DeviceStatus("MONITOR_ALARM", True, f"cyan: {text}") in said
