"""Who may use the API: keys with a role, of which only the hash is known."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID


class KeyRole(StrEnum):
    """What a key is for."""

    ADMIN = "admin"  # everything a person may do, and keys
    STAFF = "staff"  # the whole practice
    CLINICIAN = "clinician"  # one clinician's own diary
    SERVICE = "service"  # another service, reading the event log


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key by its hash; a clinician's key names the clinician, no other does."""

    id: UUID
    revision: int = 1
    role: KeyRole
    sha256: str = field(repr=False)
    clinician_id: UUID | None = None
    revoked: bool = False

    def __post_init__(self) -> None:
        if (self.clinician_id is not None) != (self.role is KeyRole.CLINICIAN):
            raise ValueError("a clinician's key, and no other, names a clinician")


def revoke(key: Key) -> Key:
    """Return `key` as it opens nothing any more."""
    return replace(key, revoked=True, revision=key.revision + 1)
