"""A consent, its reasons, and its end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.scheduler.domain.consents import Basis, Consent, revoke
from tests.cast import ANA_ID, KIM_ID

NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)


def consent(basis: Basis, note: str | None = None) -> Consent:
    return Consent(
        id=ANA_ID,
        client_id=KIM_ID,
        basis=basis,
        given_by="Ana Park",
        given_on=date(2026, 11, 20),
        note=note,
        recorded_at=NOON,
    )


@pytest.mark.parametrize("note", [None, "", "  "])
def test_a_minors_own_consent_has_its_reasons(note: str | None) -> None:
    with pytest.raises(ValueError, match="reasons"):
        consent(Basis.OWN, note)
    assert consent(Basis.OWN, "No guardian can be reached.").holds


@pytest.mark.parametrize("basis", [Basis.GUARDIAN, Basis.EMANCIPATED])
def test_others_need_no_reasons(basis: Basis) -> None:
    assert consent(basis).holds


def test_a_revoked_consent_stays_as_it_was_revoked() -> None:
    revoked = revoke(consent(Basis.GUARDIAN), now=NOON)
    assert not revoked.holds
    assert revoke(revoked, now=NOON + timedelta(days=1)).revoked_at == NOON


def test_no_text_of_it_says_who_or_why() -> None:
    shown = repr(consent(Basis.OWN, "No guardian can be reached."))
    assert "Ana" not in shown
    assert "guardian can" not in shown
