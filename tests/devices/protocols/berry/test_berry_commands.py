import pytest

from devices.protocols.berry import commands
from devices.protocols.berry.commands import CommandType, EcgMode, Gain, NibpPatient, enable

TABLE = [
    (commands.ecg_gain(Gain.QUARTER), "55 AA 04 07 01 F3"),
    (commands.ecg_gain(Gain.HALF), "55 AA 04 07 02 F2"),
    (commands.ecg_gain(Gain.ONE), "55 AA 04 07 03 F1"),
    (commands.ecg_gain(Gain.TWO), "55 AA 04 07 04 F0"),
    (commands.ecg_mode(EcgMode.OPERATION), "55 AA 04 08 01 F2"),
    (commands.ecg_mode(EcgMode.MONITOR), "55 AA 04 08 02 F1"),
    (commands.ecg_mode(EcgMode.DIAGNOSTIC), "55 AA 04 08 03 F0"),
    (commands.resp_gain(Gain.QUARTER), "55 AA 04 0F 01 EB"),
    (commands.resp_gain(Gain.HALF), "55 AA 04 0F 02 EA"),
    (commands.resp_gain(Gain.ONE), "55 AA 04 0F 03 E9"),
    (commands.resp_gain(Gain.TWO), "55 AA 04 0F 04 E8"),
    (enable(CommandType.ECG, on=True), "55 AA 04 01 01 F9"),
    (enable(CommandType.ECG, on=False), "55 AA 04 01 00 FA"),
    (enable(CommandType.SPO2, on=True), "55 AA 04 03 01 F7"),
    (enable(CommandType.SPO2, on=False), "55 AA 04 03 00 F8"),
    (enable(CommandType.TEMPERATURE, on=True), "55 AA 04 04 01 F6"),
    (enable(CommandType.TEMPERATURE, on=False), "55 AA 04 04 00 F7"),
    (enable(CommandType.PLETH_WAVE, on=True), "55 AA 04 FE 01 FC"),
    (enable(CommandType.PLETH_WAVE, on=False), "55 AA 04 FE 00 FD"),
    (enable(CommandType.RESP_WAVE, on=True), "55 AA 04 FF 01 FB"),
    (enable(CommandType.RESP_WAVE, on=False), "55 AA 04 FF 00 FC"),
    (enable(CommandType.ECG_WAVE, on=True), "55 AA 04 FB 01 FF"),
    (enable(CommandType.ECG_WAVE, on=False), "55 AA 04 FB 00 00"),
    (commands.nibp_patient(NibpPatient.ADULT), "55 AA 04 09 01 F1"),
    (commands.nibp_patient(NibpPatient.CHILD), "55 AA 04 09 02 F0"),
    (commands.nibp_patient(NibpPatient.NEONATE), "55 AA 04 09 03 EF"),
    (commands.nibp_target(150), "55 AA 04 0A 4B A6"),
    (commands.nibp_target(160), "55 AA 04 0A 50 A1"),
    (commands.NIBP_START, "55 AA 04 02 01 F8"),
    (commands.NIBP_STOP, "55 AA 04 02 00 F9"),
    (commands.FIRMWARE_QUERY, "55 AA 04 FC 00 FF"),
    (commands.HARDWARE_QUERY, "55 AA 04 FD 00 FE"),
    (commands.CHEST_V6, "55 AA 04 F7 00 04"),
    (commands.CHEST_RESP, "55 AA 04 F7 01 03"),
]
"""protocols.md §1.2, as printed."""


@pytest.mark.parametrize(("made", "printed"), TABLE, ids=[row[1] for row in TABLE])
def test_command_bytes(made, printed):
    assert made == bytes.fromhex(printed)


def test_start_up_order():
    assert commands.start_up() == bytes.fromhex(
        "55 AA 04 07 03 F1  55 AA 04 08 02 F1  55 AA 04 0F 03 E9"  # gain, mode, resp gain
        "55 AA 04 FC 00 FF  55 AA 04 FD 00 FE"  # versions, while the line is silent
        "55 AA 04 01 01 F9  55 AA 04 03 01 F7  55 AA 04 04 01 F6  55 AA 04 FE 01 FC  55 AA 04 FF 01 FB"
        "55 AA 04 FB 01 FF"
    )


def test_start_up_holds_no_cuff_and_no_factory_command():
    sent = commands.start_up() + commands.streams_off()
    types = {sent[at + 3] for at in range(0, len(sent), 6)}
    assert not types & {0x02, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x10}


@pytest.mark.parametrize(("asked", "half"), [(40, 20), (151, 76), (300, 150)])
def test_target_goes_up_to_an_even_pressure(asked, half):
    assert commands.nibp_target(asked)[4] == half


@pytest.mark.parametrize(
    ("asked", "patient"),
    [(39, NibpPatient.ADULT), (301, NibpPatient.ADULT), (211, NibpPatient.CHILD), (141, NibpPatient.NEONATE)],
)
def test_target_out_of_range_is_refused(asked, patient):
    with pytest.raises(ValueError, match="target pressure must be 40 to"):
        commands.nibp_target(asked, patient)


def test_gain_factors():
    assert [gain.factor for gain in Gain] == [0.25, 0.5, 1.0, 2.0]
