"""Raw bytes beside a session, and what was proved of each monitor model."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "raw_block",
        sa.Column("session_key", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("t_ns", sa.Integer, nullable=False),
        sa.Column("utc_ms", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("marks", sa.LargeBinary, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("crc32", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_key"],
            ["session.session_key"],
            name="fk_raw_block_session_key_session",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("session_key", "number", name="pk_raw_block"),
    )
    op.create_table(
        "commissioning",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("utc_ms", sa.Integer, nullable=False),
        sa.Column("driver_id", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_commissioning"),
    )
