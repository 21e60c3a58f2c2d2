"""``decode`` on the frames printed in protocols.md §1.4, whole, cut, in hex and among junk."""

import pytest

FRAMES = """
55 AA 0A 01 F9 89 01 08 F9 18 30 28
55 AA 08 02 18 48 10 05 01 7F
55 AA 08 02 1A 00 00 00 00 DB
55 AA 08 03 04 4B 00 00 00 A5
55 AA 08 03 00 00 7A 5C 4E D0
55 AA 08 03 04 4B 00 00 00 A5
55 AA 08 03 10 00 00 00 00 E4
55 AA 06 04 00 62 48 4B
55 AA 06 04 02 7F FF 75
55 AA 06 05 00 24 06 CA
55 AA 04 FE 40 BD
55 AA 04 FF 80 7C
"""


@pytest.fixture
def capture(tmp_path):
    path = tmp_path / "capture.raw"
    path.write_bytes(bytes.fromhex(FRAMES))
    return path


def of_kind(result, kind, name=None):
    return [line for line in result.lines if line["kind"] == kind and name in {None, line.get("name")}]


def test_numbers_are_those_printed_in_the_protocol(chairside, capture):
    result = chairside("decode", "berry", capture, "--json")
    assert result.status == 0
    assert [line["value"] for line in of_kind(result, "numeric", "HR")] == [72, None]
    assert [line["value"] for line in of_kind(result, "numeric", "RR")] == [16, None]
    assert [line["value"] for line in of_kind(result, "numeric", "SPO2")] == [98, None]
    assert [line["value"] for line in of_kind(result, "numeric", "PR")] == [72, None]
    assert [line["value"] for line in of_kind(result, "numeric", "TEMP")] == [36.6]
    first = of_kind(result, "numeric", "HR")[0]
    assert set(first) >= {"kind", "name", "value", "unit", "device_time", "quality"}
    assert (first["unit"], first["device_time"], first["quality"]) == ("/min", None, [])
    assert "sensor_off" in of_kind(result, "numeric", "HR")[1]["quality"]


def test_waves_are_counts_where_no_scale_is_published(chairside, capture):
    result = chairside("decode", "berry", capture, "--json")
    # protocols.md §1.4: I 249, II 137, III 1, aVR 8, aVL 249, aVF 24, V 48
    names = ("ECG_I", "ECG_II", "ECG_III", "ECG_AVR", "ECG_AVL", "ECG_AVF", "ECG_V", "PLETH", "RESP")
    values = [of_kind(result, "waveform", name)[0]["samples"][0] for name in names]
    assert values == [249, 137, 1, 8, 249, 24, 48, 64, 128]
    ecg = of_kind(result, "waveform", "ECG_II")[0]
    assert (ecg["rate_hz"], ecg["first_sample"], ecg["unit"], ecg["zero"]) == (250, 0, "1", 128)
    assert of_kind(result, "waveform", "PLETH")[0]["rate_hz"] == 50


def test_pressures_and_the_cause_of_a_failure(chairside, capture):
    good, failed = of_kind(chairside("decode", "berry", capture, "--json"), "nibp")
    assert (good["systolic"], good["diastolic"], good["mean"], good["pulse"]) == (122, 78, 92, None)
    assert good["status"] == "ok"
    assert (failed["systolic"], failed["mean"], failed["status"]) == (None, None, "cuff_loose")
    assert failed["device_time"] is None


def test_the_summary_comes_last_and_counts(chairside, capture):
    last = chairside("decode", "berry", capture, "--json").lines[-1]
    size = len(bytes.fromhex(FRAMES))
    assert {
        "kind": "summary",
        "bytes": size,
        "frames_ok": 12,
        "frames_bad": 0,
        "resyncs": 0,
    }.items() <= last.items()


def test_hex_text_in_any_dress_gives_the_same(chairside, capture, tmp_path):
    plain = chairside("decode", "berry", capture, "--json").out
    for index, text in enumerate(
        (
            FRAMES,
            "# a capture\n" + FRAMES.lower(),
            FRAMES.replace(" ", ""),
            FRAMES.replace("\n", "").replace(" ", ""),
            "".join(f"0x{byte:02X}, " for byte in bytes.fromhex(FRAMES)),
            FRAMES.replace("\n", "\r\n"),
        )
    ):
        path = tmp_path / f"{index}.txt"
        path.write_text(text, encoding="ascii", newline="")
        assert chairside("decode", "berry", path, "--hex", "--json").out == plain


def test_junk_between_frames_is_counted_and_passed_over(chairside, tmp_path):
    path = tmp_path / "junk.raw"
    frame = bytes.fromhex("55 AA 06 04 00 62 48 4B")
    path.write_bytes(b"\x00\x55\xaa\xff" + frame + b"\x55\xaa\x06\x04\x00\x62\x48\x4c" + frame + b"\x55")
    result = chairside("decode", "berry", path, "--json")
    assert result.status == 0
    summary = result.lines[-1]
    assert (summary["frames_ok"], summary["frames_bad"] > 0) == (2, True)
    assert [line["value"] for line in of_kind(result, "numeric", "SPO2")] == [98, 98]


def test_a_long_capture_is_one_unbroken_counter(chairside, tmp_path):
    path = tmp_path / "long.raw"
    path.write_bytes(bytes.fromhex("55 AA 04 FE 40 BD") * 5000)
    chunks = of_kind(chairside("decode", "berry", path, "--json"), "waveform", "PLETH")
    assert len(chunks) > 1
    expected = 0
    for chunk in chunks:
        assert chunk["first_sample"] == expected
        expected += len(chunk["samples"])
    assert expected == 5000


def test_text_is_for_people(chairside, capture):
    out = chairside("decode", "berry", capture).out
    assert "122/78 (92) mmHg" in out
    assert "cuff loose" in out
    assert "12 good frames" in out


def test_no_valid_frame_is_told_and_exits_1_with_the_summary(chairside, tmp_path):
    path = tmp_path / "other.raw"
    path.write_bytes(bytes(range(256)) * 20)
    result = chairside("decode", "berry", path, "--json")
    assert result.status == 1
    assert result.lines[-1]["frames_ok"] == 0
    assert "no valid frame of berry" in result.err


def test_mistakes_get_one_sentence(chairside, capture, tmp_path):
    assert chairside("decode", "berry", tmp_path / "nothing").refused("no file")
    assert chairside("decode", "berry", tmp_path).refused("folder")
    assert chairside("decode", "nonesuch", capture).refused("berry")
    assert chairside("decode", "berry", capture, "--hex").refused("line 1", "hexadecimal")
    empty = tmp_path / "empty"
    empty.touch()
    assert chairside("decode", "berry", empty, "--json").refused("empty")
    assert chairside("decode", "berry").status == 2


def test_a_reading_from_before_is_told_as_held_and_never_as_new(chairside, tmp_path):
    done = tmp_path / "done.raw"
    done.write_bytes(bytes.fromhex("55 AA 08 03 00 00 7A 5C 4E D0"))
    (held,) = of_kind(chairside("decode", "berry", done, "--json"), "nibp")
    assert (held["systolic"], held["diastolic"], held["mean"], held["status"]) == (122, 78, 92, "held")


@pytest.mark.parametrize(
    ("driver", "file", "frames", "values"),
    [  # the figures of the captures' own README
        (
            "datex-dri",
            "ge_dri/db02.raw",
            213,
            {"HR": 80, "RR": 15, "SPO2": 96.65, "PR": 83, "ETCO2": 4.87, "AMBIENT_PRESSURE": 759.8},
        ),
        ("nonin", "nonin_df2/frame.raw", 25, {"PR": 61, "SPO2": 97, "SPO2_BEAT": 98, "PR_8_BEAT": 62}),
        ("contec-v7", "contec_v7_serial/rx.raw", 18, {"PR": 65, "SPO2": 97, "PI": None}),
        ("masimo", "masimo_ascii/lines.raw", 4, {"SPO2": None, "PR": None}),
    ],
)
def test_captures_of_real_devices(chairside, shared_captures, driver, file, frames, values):
    result = chairside("decode", driver, shared_captures / file, "--json")
    summary = result.lines[-1]
    assert (summary["frames_ok"], summary["frames_bad"], summary["bytes_discarded"]) == (frames, 0, 0)
    first = {name: of_kind(result, "numeric", name)[0]["value"] for name in values}
    assert first == values
    if driver == "datex-dri":
        (held,) = of_kind(result, "nibp")
        assert (held["systolic"], held["diastolic"], held["mean"]) == (93, 48, 69)


def test_a_file_with_a_frame_here_and_there_is_another_monitors(chairside, tmp_path):
    path = tmp_path / "capture.raw"
    frame = bytes.fromhex("55 AA 06 04 00 62 48 4B")
    path.write_bytes(b"\x55\xaa\x55\xaa" * 500 + frame)
    result = chairside("decode", "berry", path)
    assert result.status == 1
    assert "1 good frames of berry, no more, in the 2008 bytes" in result.err
    path.write_bytes(b"\x55\xaa\x55\xaa" * 100 + frame)
    assert chairside("decode", "berry", path).status == 0


@pytest.mark.parametrize("driver_id", ["nonin", "bci", "contec-v7", "masimo", "suntech-nibp"])
def test_a_real_capture_of_another_monitor_holds_nothing(chairside, shared_captures, driver_id):
    result = chairside("decode", driver_id, shared_captures / "ge_dri" / "db02.raw")
    assert result.status == 1
    assert "another monitor's" in result.err
