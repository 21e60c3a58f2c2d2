"""``beats`` on MIT-BIH records against their own annotations, read by another program (wfdb)."""

import warnings

import pytest

from monitor_app.services.beats_run import find_beats

BEAT_CODES = frozenset("NLRBAaJSVrFejnE/fQ?")


def reference(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import wfdb

        marks = wfdb.rdann(str(path), "atr")
    return [s for s, code in zip(marks.sample, marks.symbol, strict=True) if code in BEAT_CODES]


def share_matched(wanted, found, window):
    return sum(any(abs(w - f) <= window for f in found) for w in wanted) / len(wanted)


def test_beats_of_record_100_as_annotated(chairside, shared_data):
    record = shared_data / "mitdb" / "100"
    document = chairside("beats", record, "--json").document
    assert (document["fs_hz"], document["channel"]) == (360, "MLII")
    assert len(document["samples"]) == len(document["quality"])
    assert document["samples"] == sorted(document["samples"])
    assert all(0 <= quality <= 1 for quality in document["quality"])
    annotated = reference(record)
    window = 0.15 * 360  # clinical.md §8.3
    early = [sample for sample in annotated if sample < 60 * 360]
    assert share_matched(early, document["samples"], window) == 1.0
    assert abs(len(document["samples"]) - len(annotated)) <= 5


def test_a_channel_by_the_records_name_or_ours(shared_data):
    record = shared_data / "aami-ec13" / "aami3a"
    by_default = find_beats(record)
    assert by_default.beats
    assert find_beats(record, by_default.channel) == by_default
    v5 = find_beats(shared_data / "cinc2015" / "b220s.hea", "v")
    assert v5.channel == "V"
    assert find_beats(shared_data / "cinc2015" / "b220s.mat", "ECG_V") == v5


def test_two_leads_of_one_kind_are_told_apart(tmp_path):
    """MIT-BIH 102 has V5 and V2, which are both our ``ECG_V``."""
    shape = (0, 60, 180, 250, 180, 60, 0)  # a QRS some 40 ms wide, twice a second
    flat, busy = [0] * 1800, [shape[phase - 40] if 40 <= (phase := k % 90) < 47 else 0 for k in range(1800)]
    frames = b"".join(
        value.to_bytes(2, "little", signed=True) for pair in zip(flat, busy, strict=True) for value in pair
    )
    (tmp_path / "two.dat").write_bytes(frames)
    (tmp_path / "two.hea").write_text(
        f"two 2 180 1800\ntwo.dat 16 200/mV 16 0 0 0 0 V5\ntwo.dat 16 200/mV 16 0 0 {sum(busy)} 0 V2\n",
        encoding="ascii",
    )
    assert find_beats(tmp_path / "two", "V5").beats == ()
    assert len(find_beats(tmp_path / "two", "V2").beats) >= 6


def test_a_csv_of_signals_and_its_text(chairside, shared_data):
    result = chairside("beats", shared_data / "bidmc" / "bidmc_13_Signals.csv")
    assert result.status == 0
    count = int(result.out.split()[0])
    assert 8 * 64 <= count <= 8 * 70  # README: 8 minutes at 66 to 68 a minute


@pytest.mark.parametrize("name", ["nothing", "nothing.hea", "folder/nothing.dat"])
def test_a_record_that_is_not_there(chairside, tmp_path, name):
    assert chairside("beats", tmp_path / name, "--json").refused()


def test_other_mistakes(chairside, shared_data, tmp_path):
    assert chairside("beats", shared_data / "mitdb" / "100", "--channel", "XYZ").refused("MLII", "V5")
    assert chairside("beats", tmp_path).refused()
    junk = tmp_path / "junk.hea"
    junk.write_bytes(bytes(range(256)))
    assert chairside("beats", junk).refused()
    numbers = shared_data / "mimic2-numerics" / "s00001-2896-10-10-00-31n"
    assert chairside("beats", numbers).refused("no ECG")
