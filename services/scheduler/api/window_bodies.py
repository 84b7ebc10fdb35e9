"""When someone can, as bodies say it and answers show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import ValidationInfo, field_validator

from services.scheduler.api.documents import Document
from services.scheduler.api.people_bodies import Minute
from services.scheduler.domain.windows import Window
from services.scheduler.domain.working_hours import WEEKDAYS
from shared.web.bodies import DoorModel

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class WindowBody(DoorModel):
    """A stretch of one weekday, on the wall clock of whoever says it."""

    weekday: Weekday
    start: Minute
    end: Minute

    @field_validator("end")
    @classmethod
    def _holds_an_hour(cls, end: int, info: ValidationInfo) -> int:
        if end - info.data.get("start", end) < 60:
            raise ValueError("must be an hour or more after the start, on the same day")
        return end

    def window(self) -> Window:
        return Window(weekday=WEEKDAYS.index(self.weekday), start=self.start, end=self.end)


def window_documents(windows: Sequence[Window]) -> list[Document]:
    return [
        {"weekday": WEEKDAYS[each.weekday], "start": _clock(each.start), "end": _clock(each.end)}
        for each in windows
    ]


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
