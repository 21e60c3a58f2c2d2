"""``chairside evidence`` as a stranger calls it."""

from monitor_app.cli import evidence_command
from monitor_app.cli.parser import build_parser


def test_arguments():
    arguments = build_parser().parse_args(["evidence", "--data", "d", "--out", "o", "--first", "30"])
    assert (str(arguments.data), str(arguments.out), arguments.first) == ("d", "o", 30.0)


def test_pages_are_named_on_stdout(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(evidence_command, "load_peers", lambda: ())

    def write(data, out, peers, *, seconds, say):
        say("at work")
        return out / "a.md", out / "b.md"

    monkeypatch.setattr(evidence_command, "write_evidence", write)
    arguments = build_parser().parse_args(["evidence", "--out", str(tmp_path)])
    assert evidence_command.run_evidence(arguments) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [str(tmp_path / "a.md"), str(tmp_path / "b.md")]
    assert captured.err == "at work\n"
