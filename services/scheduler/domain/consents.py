"""On whose consent someone under 18 begins a course; recorded first, and revocable.

Whose it must be is the law of the place. In New York a guardian consents as a rule; the minor
alone may where a clinician finds, and writes down why, that the law's exception holds (Mental
Hygiene Law section 33.21); an emancipated minor consents as an adult does.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Basis(StrEnum):
    """Who consented, and as what."""

    GUARDIAN = "guardian"  # a parent or legal guardian, for the minor
    OWN = "own"  # the minor, where the law allows it: the reasons are recorded
    EMANCIPATED = "emancipated"  # the minor, who is treated as an adult


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One consent, with who gave it and when; `note` has the reasons where the law wants them."""

    id: UUID
    client_id: UUID
    basis: Basis
    given_by: str = field(repr=False)
    given_on: date
    note: str | None = field(default=None, repr=False)
    recorded_at: datetime
    revoked_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.basis is Basis.OWN and not (self.note or "").strip():
            raise ValueError("a minor's own consent has its reasons recorded")

    @property
    def holds(self) -> bool:
        return self.revoked_at is None


def revoke(consent: Consent, *, now: datetime) -> Consent:
    """Return `consent` as it no longer holds; once revoked it stays as it was revoked."""
    return replace(consent, revoked_at=now) if consent.holds else consent
