"""Rows that a database may hold and nobody can read cost only themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import sqlalchemy as sa

T = TypeVar("T")


def readable(rows: sa.CursorResult[Any], read: Callable[[sa.RowMapping], T]) -> Iterator[T]:
    """Yield what `read` makes of each row, but for those with a value that is none of its column.

    SQLite keeps whatever it is given, and SQLAlchemy raises at the first such row.
    """
    mappings = rows.mappings()
    while True:
        try:
            row = mappings.fetchone()
            if row is None:
                return
            found = read(row)
        except (ValueError, TypeError, AttributeError, LookupError):
            continue
        yield found
