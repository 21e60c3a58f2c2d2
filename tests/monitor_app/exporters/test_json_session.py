"""The JSON document holds the whole record, and follows its own schema."""

import json
from typing import Any

from monitor_app.core.record import SessionRecord
from monitor_app.exporters.export import INTENDED_USE, SIMULATED_MARK, ExportOptions, Profile
from monitor_app.exporters.json_session import json_session


def documents(visit: SessionRecord, profile: Profile = Profile.PSEUDONYMOUS) -> dict[str, Any]:
    options = ExportOptions("chairside 0.1.0", profile)
    return {file.name: json.loads(b"".join(file.chunks)) for file in json_session(visit, options)}


def check(value: Any, schema: dict[str, Any], where: str = "$") -> None:
    """Validate against the keywords the schema uses."""
    kinds = {
        "object": dict,
        "array": list,
        "string": str,
        "boolean": bool,
        "integer": int,
        "null": type(None),
    }
    wanted = schema.get("type")
    for_types = [wanted] if isinstance(wanted, str) else wanted or []
    if for_types:
        matches = [
            isinstance(value, (int, float)) if kind == "number" else isinstance(value, kinds[kind])
            for kind in for_types
        ]
        assert any(matches), (where, value)
    assert "const" not in schema or value == schema["const"], where
    assert "enum" not in schema or value in schema["enum"], (where, value)
    assert "minimum" not in schema or value >= schema["minimum"], where
    if isinstance(value, dict):
        assert set(schema.get("required", ())) <= set(value), where
        for name, part in schema.get("properties", {}).items():
            if name in value:
                check(value[name], part, f"{where}.{name}")
    if isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            check(item, schema["items"], f"{where}[{index}]")


def test_it_follows_its_schema(visit: SessionRecord, simulated_visit: SessionRecord) -> None:
    for record in (visit, simulated_visit):
        for profile in Profile:
            files = documents(record, profile)
            check(files["session.json"], files["schema.json"])


def test_entries_and_head_are_complete(visit: SessionRecord) -> None:
    document = documents(visit)["session.json"]
    assert [entry["type"] for entry in document["entries"]] == [type(e).__name__ for e in visit.entries]
    reading = next(e for e in document["entries"] if e["type"] == "NibpEntry")
    assert (reading["systolic_mmhg"], reading["failure"], reading["t"]) == (148.0, None, 5.0)
    spo2 = [e for e in document["entries"] if e.get("name") == "SPO2"]
    assert [(e["value"], e["quality"]) for e in spo2] == [(0.0, []), (None, ["INVALID"])]
    assert document["session"]["patient"]["weight_kg"] == 70.5
    assert (document["intended_use"], document["mark"]) == (INTENDED_USE, None)


def test_waves_come_back_as_counts_with_their_scale(visit: SessionRecord) -> None:
    ecg, pleth = documents(visit)["session.json"]["waves"]
    assert [(b["t"], b["first_sample"], b["counts"]) for b in ecg["blocks"]] == [
        (1.0, 40, [100, 300]),
        (3.0, 48, [-100]),
    ]
    scale = ecg["blocks"][0]["scale"]
    assert [(c - scale["zero"]) * scale["unit_per_count"] for c in (100, 300)] == [0.0, 1.0]
    assert pleth["blocks"][0]["scale"]["unit_per_count"] is None


def test_the_mark_and_the_clock_follow_the_record(simulated_visit: SessionRecord) -> None:
    assert documents(simulated_visit)["session.json"]["mark"] == SIMULATED_MARK
    relative = documents(simulated_visit, Profile.RELATIVE)["session.json"]
    assert relative["entries"][2]["utc"] is None
    assert relative["entries"][2]["t"] == 1.0
