"""What a feed was chosen to show, as it is kept: what is not said is as usual."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.calendar_feed.domain.entries import Kind
from services.calendar_feed.domain.feeds import Choices


def choices_row(choices: Choices) -> dict[str, object]:
    return {
        "back": choices.back.days,
        "ahead": choices.ahead.days,
        "kinds": sorted(choices.kinds),
        "course_id": None if choices.course_id is None else str(choices.course_id),
        "alarms": [int(each.total_seconds()) for each in choices.alarms],
        "join_links": choices.join_links,
        "office_hours": choices.office_hours,
    }


def choices_of(row: Mapping[str, Any]) -> Choices:
    usual = choices_row(Choices())
    said = {**usual, **row}
    return Choices(
        back=timedelta(days=said["back"]),
        ahead=timedelta(days=said["ahead"]),
        kinds=frozenset(Kind(each) for each in said["kinds"]),
        course_id=None if said["course_id"] is None else UUID(said["course_id"]),
        alarms=tuple(timedelta(seconds=each) for each in said["alarms"]),
        join_links=said["join_links"],
        office_hours=said["office_hours"],
    )
