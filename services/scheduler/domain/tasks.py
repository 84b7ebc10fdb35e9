"""What staff are asked to look after, because nothing may decide it for them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

_KIND: Final = re.compile(r"[a-z][a-z_]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something about `subject` that a person must see to: open until someone says it is done."""

    id: UUID
    kind: str
    subject: UUID
    raised_at: datetime
    note: str | None = field(default=None, repr=False)
    done_at: datetime | None = None
    done_by: str | None = None

    def __post_init__(self) -> None:
        if not _KIND.fullmatch(self.kind):
            raise ValueError("a kind of task is one short word, such as came_of_age")
        if (self.done_at is None) != (self.done_by is None):
            raise ValueError("a task that is done says when and by whom")

    @property
    def is_open(self) -> bool:
        return self.done_at is None


def finish(task: Task, by: str, *, now: datetime) -> Task:
    """Return `task` as done; who finished it first stays on record."""
    return replace(task, done_at=now, done_by=by) if task.is_open else task
