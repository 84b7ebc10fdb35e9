"""Databases: one engine for a URL, write transactions, column types, migrations, idempotency."""
