"""What is answered about the members of a group: ids, never names."""

from __future__ import annotations

from uuid import UUID

from shared.web.openapi import AnswerModel


class AbsenceAnswer(AnswerModel):
    """One member is away from one session."""

    session_id: UUID
    client_id: UUID


class MembersAnswer(AnswerModel):
    """The members of a group, and who is away when."""

    course_id: UUID
    client_ids: tuple[UUID, ...]
    absences: tuple[AbsenceAnswer, ...]
