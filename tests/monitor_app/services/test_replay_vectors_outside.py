"""The vectors of clinical.md §7 as a stranger runs them: a file, ``chairside replay FILE --json``, lines on stdout."""

import json

import pytest

from monitor_app.cli import main
from tests.monitor_app.services.replay_runner import every_second, readings

RATE_119_121 = [119 if (i // 2) % 2 == 0 else 121 for i in range(120)]
CUFF_ROWS = [f"{t},{95 if t < 10 else 80},{int(10 <= t < 50)}" for t in range(80)]

# number, file, options, announced: (t, rule) of every step to ACTIVE that nothing hides
VECTORS = [
    ("V1", every_second("hr", [80] * 6 + [125] * 10), [], [(9, "AL-HR-03")]),
    ("V2", every_second("hr", RATE_119_121), ["--baseline", "80,120,80,98"], [(60, "AL-HR-04"), (60, "AL-HR-05")]),
    ("V3", every_second("hr", [121] * 20 + [117] * 30 + [115] * 10), [], [(3, "AL-HR-03")]),
    ("V8", "t,hr,pr,ecg_lead_off\n" + "".join(f"{t},,82,1\n" for t in range(20)), [], [(3, "TE-01-M")]),
    ("V10", every_second("spo2", [95] * 5 + [89] * 14 + [95] * 20), [], []),
    ("V11", every_second("spo2", [95] * 5 + [89] * 20 + [95] * 20), [], [(20, "AL-SP-02")]),
    ("V12", every_second("spo2", [84] * 12 + [95] * 9), [], [(10, "AL-SP-01")]),
    ("V13", "t,spo2,cuff_inflating\n" + "\n".join(CUFF_ROWS), [], [(60, "AL-SP-01")]),
    ("V14", every_second("spo2", [95] * 10 + [80] * 40), [], [(20, "AL-SP-01")]),
    ("V15", readings((100, 181, 95), (160, 158, 92)), [], [(100, "AL-BP-01")]),
    ("V16", readings((0, 180, 109)), [], [(0, "AL-BP-01")]),
    ("V16", readings((0, 179, 109)), [], [(0, "AL-BP-02")]),
    ("V16", readings((0, 160, 100)), [], []),
    ("V16", readings((0, 161, 100)), [], [(0, "AL-BP-02")]),
    ("V17", readings((0, 150, 80)), ["--baseline", "72,110,70,98"], [(0, "AL-BP-05")]),
    ("V18", readings((0, 165, 95)), ["--baseline", "72,150,92,98"], [(0, "AL-BP-02")]),
    (
        "V19",
        readings((0, 138, 86), (1200, 160, 88)),
        ["--phase", "rec", "--baseline", "72,135,85,98", "--t-end", "0", "--bp-end", "138,86"],
        [(1200, "AL-BP-11")],
    ),
    ("V22", every_second("spo2", [84] * 12 + [96] * 30), [], [(10, "AL-SP-01")]),
    ("V27", "t,sys,dia\n0,120,80\n700,,\n", ["--nibp-interval", "300"], [(420, "TE-08-L"), (600, "TE-08-M")]),
    (
        "V28",
        "t,hr,spo2,ecg_lead_off\n" + "".join(f"{t},125,84,1\n" for t in range(4, 30)),
        ["--phase", "rec"],
        [(7, "TE-01-L"), (14, "AL-SP-01")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("number", "text", "options", "expected"), VECTORS)
def test_vector(tmp_path, capsys, number, text, options, expected):
    path = tmp_path / f"{number}.csv"
    path.write_text(text, encoding="ascii")
    assert main(["replay", str(path), *options, "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    found = [(x["t"], x["rule"]) for x in lines if x["to"] == "ACTIVE" and not x["suppressed"]]
    assert sorted(found) == sorted(expected)


def test_text_too(tmp_path, capsys):
    path = tmp_path / "alone.csv"
    path.write_text("t,sys\n0,185\n", encoding="ascii")
    assert main(["replay", str(path)]) == 0
    assert "AL-BP-01" in capsys.readouterr().out
