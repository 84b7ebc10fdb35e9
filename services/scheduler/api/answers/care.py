"""Answers about consents, tasks of the staff, and the audit log."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from services.scheduler.api.answers.fields import Day, Id, Moment, Next, NoNext
from services.scheduler.domain.consents import Basis
from shared.web.openapi import AnswerModel


class ConsentAnswer(AnswerModel):
    """On whose consent a client under 18 is seen."""

    id: Id
    client_id: Id
    basis: Basis
    given_by: str
    given_on: Day
    note: str | None
    status: Literal["holds", "revoked"]
    recorded_at: Moment
    revoked_at: Moment | None


class ConsentsAnswer(AnswerModel):
    """Every consent for a client, as they were recorded."""

    consents: tuple[ConsentAnswer, ...]
    next: NoNext


class TaskAnswer(AnswerModel):
    """Something that a person must see to."""

    id: Id
    kind: Annotated[str, Field(description="One word, such as came_of_age.")]
    subject_id: Annotated[Id, Field(description="Who or what it is about.")]
    note: str | None
    status: Literal["open", "done"]
    raised_at: Moment
    done_at: Moment | None
    done_by: Annotated[str | None, Field(description="The id of the key that said so.")]


class TasksAnswer(AnswerModel):
    """Tasks, the oldest first."""

    tasks: tuple[TaskAnswer, ...]
    next: Next


class EntryAnswer(AnswerModel):
    """Who did what to whose data; the hash binds it to every entry before it."""

    position: Annotated[int, Field(ge=1)]
    at: Moment
    actor: Annotated[str, Field(description="The id of the key, or who acted without one.")]
    action: Annotated[str, Field(description="The method and the route, or what was done.")]
    subjects: tuple[Id, ...]
    details: dict[str, Any]
    hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class EntriesAnswer(AnswerModel):
    """Entries of the audit log in the order they were written."""

    entries: tuple[EntryAnswer, ...]
    next: Annotated[
        int | None, Field(description="Give it back as `next` for the next page; null on the last.")
    ]
