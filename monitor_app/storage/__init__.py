"""The record on disk: SQLAlchemy models, migrations, the recorder, the audit chain."""
