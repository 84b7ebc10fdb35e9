"""Sets of time as sorted stretches that neither touch nor overlap."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from services.scheduler.domain.slots import Slot


def merged(stretches: Iterable[Slot]) -> tuple[Slot, ...]:
    """Return what `stretches` cover together; those that touch become one."""
    found: list[Slot] = []
    for each in sorted(stretches):
        if found and each.starts_at <= found[-1].ends_at:
            last = found.pop()
            each = Slot(starts_at=last.starts_at, ends_at=max(last.ends_at, each.ends_at))
        found.append(each)
    return tuple(found)


def without(stretches: Iterable[Slot], taken: Iterable[Slot]) -> tuple[Slot, ...]:
    """Return what `stretches` cover and `taken` does not."""
    gone = merged(taken)
    return tuple(rest for each in merged(stretches) for rest in _rest(each, gone))


def _rest(stretch: Slot, gone: tuple[Slot, ...]) -> Iterable[Slot]:
    start: datetime = stretch.starts_at
    for each in gone:
        if each.overlaps(stretch):
            if start < each.starts_at:
                yield Slot(starts_at=start, ends_at=each.starts_at)
            start = max(start, each.ends_at)
    if start < stretch.ends_at:
        yield Slot(starts_at=start, ends_at=stretch.ends_at)
