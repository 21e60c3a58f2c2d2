"""Runs inside the program: the connection comes in ``config.attributes``; there is no ini file."""

from alembic import context

from monitor_app.storage.schema.registry import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
