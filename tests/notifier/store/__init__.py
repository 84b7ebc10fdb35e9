"""The plan in a real database, SQLite and PostgreSQL alike."""
