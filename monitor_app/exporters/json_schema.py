"""JSON Schema (draft 2020-12) of ``session.json``."""

from collections.abc import Mapping
from typing import Any, get_args

from monitor_app.core.journal import JournalEntry, SessionOpened, WaveBlock
from monitor_app.core.raw import RawEntry

_TIMES: Mapping[str, Any] = {
    "t": {"type": "number", "description": "seconds since the session began"},
    "utc": {"type": ["string", "null"], "description": "ISO 8601, UTC"},
    "local": {"type": ["string", "null"], "description": "ISO 8601, on the clinic's clock"},
}

_SCALE: Mapping[str, Any] = {
    "type": "object",
    "description": "physical = (count - zero) * unit_per_count; null: the device publishes no scale",
    "required": ["unit", "unit_per_count", "zero", "low", "high"],
    "properties": {
        "unit": {"type": "string", "description": "UCUM"},
        "unit_per_count": {"type": ["number", "null"]},
        "zero": {"type": "number"},
        "low": {"type": "integer"},
        "high": {"type": "integer"},
    },
}

_BLOCK: Mapping[str, Any] = {
    "type": "object",
    "required": ["t", "first_sample", "scale", "counts"],
    "properties": {
        "t": _TIMES["t"],
        "first_sample": {"type": "integer", "description": "the device's sample counter"},
        "scale": _SCALE,
        "counts": {"type": "array", "items": {"type": "integer"}},
    },
}

_WAVE: Mapping[str, Any] = {
    "type": "object",
    "required": ["source", "name", "rate_hz", "blocks"],
    "properties": {
        "source": {"type": "string"},
        "name": {"type": "string"},
        "rate_hz": {"type": "number", "exclusiveMinimum": 0},
        "blocks": {"type": "array", "items": _BLOCK},
    },
}

_TYPES = sorted(
    kind.__name__ for kind in get_args(JournalEntry) if kind not in {SessionOpened, WaveBlock, RawEntry}
)

_ENTRY: Mapping[str, Any] = {
    "type": "object",
    "description": "one thing that happened; further fields by type",
    "required": ["type", *_TIMES],
    "properties": {"type": {"enum": _TYPES}, **_TIMES},
}

_SESSION: Mapping[str, Any] = {
    "type": "object",
    "required": [
        *("type", *_TIMES, "session_id", "patient_key", "initials", "simulated", "chair", "software"),
        *("scenario", "seed", "patient", "phase", "duration_s", "closed"),
    ],
    "properties": {
        "type": {"const": "SessionOpened"},
        **_TIMES,
        "session_id": {"type": "string"},
        "patient_key": {"type": "string", "description": "a pseudonym"},
        "simulated": {"type": "boolean"},
        "seed": {"type": ["integer", "null"]},
        "patient": {"type": "object"},
        "phase": {"type": "string"},
        "duration_s": {"type": "number", "minimum": 0},
        "closed": {"type": "boolean"},
    },
}

SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Chairside session",
    "type": "object",
    "required": [
        *("format", "intended_use", "mark", "software", "time_zone", "profile", "session", "entries", "waves")
    ],
    "properties": {
        "format": {"const": "chairside-session/1"},
        "intended_use": {"type": "string"},
        "mark": {
            "type": ["string", "null"],
            "description": "present where the session is simulated or replayed",
        },
        "software": {"type": "string"},
        "time_zone": {"type": "string"},
        "profile": {"enum": ["identified", "pseudonymous", "shift", "relative"]},
        "session": _SESSION,
        "entries": {"type": "array", "items": _ENTRY},
        "waves": {"type": "array", "items": _WAVE},
    },
}
