"""Column types that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect


class _PlainText(sqlite.DATETIME):
    """SQLite's column as it is, left to `UtcDateTime` to spell and to read.

    SQLAlchemy's own takes as long to spell a value as SQLite to look it up: a course of sixteen
    has a hundred (`python -m benchmarks booking`).
    """

    def bind_processor(self, dialect: Dialect) -> None:
        return None

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        return None


_PLAIN_TEXT: Final = _PlainText()  # type: ignore[no-untyped-call] # it is untyped


class UtcDateTime(sa.TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out; naive values are refused, not guessed.

    On SQLite the value is ISO text of a fixed width, so it sorts and compares as time does.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        return _PLAIN_TEXT if dialect.name == "sqlite" else self.impl_instance

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return utc.isoformat(" ", "microseconds")[:-6] if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
