"""The first form of the record."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sessions()
    _signals()
    _visit()
    _equipment()
    _audit()


def _session_key() -> sa.Column[Any]:
    return sa.Column("session_key", sa.Integer, nullable=False)


def _session_reference(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["session_key"],
        ["session.session_key"],
        name=f"fk_{table}_session_key_session",
        deferrable=True,
        initially="DEFERRED",
    )


def _channel_reference(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["session_key", "channel"],
        ["channel.session_key", "channel.channel"],
        name=f"fk_{table}_session_key_channel_channel",
        deferrable=True,
        initially="DEFERRED",
    )


def _stamp() -> tuple[sa.Column[Any], sa.Column[Any]]:
    return sa.Column("t_ns", sa.Integer, nullable=False), sa.Column("utc_ms", sa.Integer, nullable=False)


def _entry_table(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        _session_key(),
        sa.Column("seq", sa.Integer, nullable=False),
        *_stamp(),
        *columns,
        sa.PrimaryKeyConstraint("session_key", "seq", name=f"pk_{name}"),
        _session_reference(name),
        sqlite_with_rowid=False,
    )


def _sessions() -> None:
    op.create_table(
        "session",
        _session_key(),
        *_stamp(),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("patient_key", sa.Text, nullable=False),
        sa.Column("initials", sa.Text, nullable=False),
        sa.Column("simulated", sa.Integer, nullable=False),
        sa.Column("chair", sa.Text, nullable=False),
        sa.Column("software", sa.Text, nullable=False),
        sa.Column("scenario", sa.Text, nullable=False),
        sa.Column("seed", sa.Text),
        sa.Column("patient", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("session_key", name="pk_session"),
        sa.UniqueConstraint("session_id", name="uq_session_session_id"),
    )
    op.create_table(
        "closing",
        _session_key(),
        *_stamp(),
        sa.PrimaryKeyConstraint("session_key", name="pk_closing"),
        _session_reference("closing"),
    )


def _signals() -> None:
    op.create_table(
        "channel",
        _session_key(),
        sa.Column("channel", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("rate_hz", sa.Float),
        sa.Column("unit_per_count", sa.Float),
        sa.Column("zero", sa.Float),
        sa.Column("low", sa.Integer),
        sa.Column("high", sa.Integer),
        sa.PrimaryKeyConstraint("session_key", "channel", name="pk_channel"),
        _session_reference("channel"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "wave_block",
        sa.Column("block_key", sa.Integer, nullable=False),
        _session_key(),
        sa.Column("channel", sa.Integer, nullable=False),
        *_stamp(),
        sa.Column("first_sample", sa.Integer, nullable=False),
        sa.Column("dtype", sa.Text, nullable=False),
        sa.Column("samples", sa.LargeBinary, nullable=False),
        sa.Column("crc32", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("block_key", name="pk_wave_block"),
        _session_reference("wave_block"),
        _channel_reference("wave_block"),
    )
    op.create_index("ix_wave_block_session_key_channel", "wave_block", ["session_key", "channel"])
    _entry_table(
        "numeric",
        sa.Column("channel", sa.Integer, nullable=False),
        sa.Column("value", sa.Float),
        sa.Column("quality", sa.Integer, nullable=False),
        _channel_reference("numeric"),
    )


def _visit() -> None:
    _entry_table(
        "phase",
        sa.Column("from_phase", sa.Text, nullable=False),
        sa.Column("to_phase", sa.Text, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("by_role", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("overrides", sa.Text, nullable=False),
    )
    _entry_table(
        "refusal",
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("by_role", sa.Text, nullable=False),
    )
    _entry_table(
        "answer",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("by_role", sa.Text, nullable=False),
        sa.Column("override_by_name", sa.Text),
        sa.Column("override_by_role", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
    )
    _entry_table(
        "baseline",
        sa.Column("systolic_mmhg", sa.Float, nullable=False),
        sa.Column("diastolic_mmhg", sa.Float, nullable=False),
        sa.Column("hr_per_min", sa.Float),
        sa.Column("spo2_percent", sa.Float),
        sa.Column("rr_per_min", sa.Float),
        sa.Column("mean_mmhg", sa.Float),
        sa.Column("nibp_ids", sa.Text, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("by_role", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    _entry_table(
        "dose_order",
        sa.Column("dose_mg_per_kg", sa.Float, nullable=False),
        sa.Column("weight_kg", sa.Float, nullable=False),
        sa.Column("concentration_mg_per_ml", sa.Float, nullable=False),
        sa.Column("duration_min", sa.Float, nullable=False),
        sa.Column("ordered_by", sa.Text, nullable=False),
        sa.Column("verbal", sa.Integer, nullable=False),
        sa.Column("drug", sa.Text, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("by_role", sa.Text, nullable=False),
    )
    _entry_table(
        "infusion",
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("rate_ml_per_h", sa.Float),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("by_role", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("pump_volume_ml", sa.Float),
    )
    _entry_table(
        "care",
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("by_role", sa.Text, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
    )
    _entry_table(
        "void",
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("by_role", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    _entry_table(
        "signature",
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("by_role", sa.Text, nullable=False),
        sa.Column("meaning", sa.Text, nullable=False),
        sa.Column("record_sha256", sa.Text, nullable=False),
    )


def _equipment() -> None:
    _entry_table(
        "device",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("driver_id", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("provenance", sa.Text, nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
    )
    _entry_table(
        "gap",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("duration_ns", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    _entry_table(
        "nibp_started",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("trigger", sa.Text, nullable=False),
    )
    _entry_table(
        "nibp",
        sa.Column("nibp_id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("trigger", sa.Text, nullable=False),
        sa.Column("started_t_ns", sa.Integer),
        sa.Column("systolic_mmhg", sa.Float),
        sa.Column("diastolic_mmhg", sa.Float),
        sa.Column("mean_mmhg", sa.Float),
        sa.Column("mean_calculated", sa.Integer, nullable=False),
        sa.Column("pulse_per_min", sa.Float),
        sa.Column("failure", sa.Text),
        sa.Column("rejected", sa.Text, nullable=False),
        sa.Column("limb", sa.Text, nullable=False),
    )
    _entry_table(
        "alarm",
        sa.Column("occurrence_id", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("alarm_class", sa.Text, nullable=False),
        sa.Column("priority", sa.Text, nullable=False),
        sa.Column("from_state", sa.Text, nullable=False),
        sa.Column("to_state", sa.Text, nullable=False),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("value", sa.Float),
        sa.Column("limit", sa.Float),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("suppressed", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("by_name", sa.Text),
        sa.Column("by_role", sa.Text),
    )
    _entry_table(
        "sound",
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("by_role", sa.Text, nullable=False),
        sa.Column("until_t_ns", sa.Integer),
        sa.Column("reason", sa.Text, nullable=False),
    )
    _entry_table(
        "alarm_limit",
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("parameter", sa.Text, nullable=False),
        sa.Column("value", sa.Float, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("by_role", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    _entry_table(
        "link",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("frames_ok", sa.Integer, nullable=False),
        sa.Column("frames_bad", sa.Integer, nullable=False),
        sa.Column("bytes_discarded", sa.Integer, nullable=False),
    )
    _entry_table(
        "system_event",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("utc_ms", sa.Integer, nullable=False),
        sa.Column("t_ns", sa.Integer, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("workstation", sa.Text, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("entity", sa.Text, nullable=False),
        sa.Column("entity_id", sa.Text, nullable=False),
        sa.Column("old_json", sa.Text),
        sa.Column("new_json", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
    )
    op.create_index("ix_audit_session_id", "audit", ["session_id"])
