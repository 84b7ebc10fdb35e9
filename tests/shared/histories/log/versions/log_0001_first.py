"""A service that tells, listens, answers once and knows keys."""

from shared.store import first_tables

revision = "log_0001"
down_revision = None


def upgrade() -> None:
    first_tables.create_event_log()
    first_tables.create_positions()
    first_tables.create_idempotency()
    first_tables.create_api_keys()
