"""The append-only store in SQLite."""
