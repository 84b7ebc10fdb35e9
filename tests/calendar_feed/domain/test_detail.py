"""How much a feed tells, and what it never tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.calendar_feed.domain.detail import BUSY, GROUP, case_code, show
from services.calendar_feed.domain.errors import DetailNotOffered
from services.calendar_feed.domain.feeds import Detail, offered
from services.calendar_feed.domain.initials import initials_of
from shared.links import Purpose, read
from tests.calendar_feed.diary import DIARY, PUBLIC_URL, entry, showing
from tests.cast import ANA_ID, DANA_ID, KIM_ID
from tests.conftest import NOW
from tests.shared.diary import SECRET


def test_at_busy_nothing_depends_on_the_client() -> None:
    kim, ana, group = (entry(client_id=client) for client in (KIM_ID, ANA_ID, None))
    assert show(kim, DIARY, showing()).summary == BUSY
    assert show(kim, DIARY, showing()) == show(ana, DIARY, showing())
    assert show(kim, DIARY, showing()) == show(group, DIARY, showing())


def test_a_code_is_one_clients_alone_and_cannot_be_undone_without_the_secret() -> None:
    kim = show(entry(client_id=KIM_ID), DIARY, showing(Detail.CODE)).summary
    assert kim == case_code(KIM_ID, SECRET)
    assert kim == show(entry(3, client_id=KIM_ID), DIARY, showing(Detail.CODE)).summary
    assert kim not in (case_code(ANA_ID, SECRET), case_code(KIM_ID, SECRET + "x"))
    assert len(kim) == 6
    assert not set(kim) & set("AEIOU01L")


def test_of_a_group_there_is_a_count_and_no_member() -> None:
    for detail in (Detail.CODE, Detail.INITIALS):
        group = show(entry(client_id=None, clients=5), DIARY, showing(detail), initials="KP")
        assert group.summary == f"{GROUP} (5)"


def test_the_link_is_the_clinicians_own() -> None:
    shown = show(entry(), replace(DIARY, link_generation=3), showing())
    assert shown.url is not None
    address, _, token = shown.url.rpartition("/")
    link = read(token, SECRET, purpose=Purpose.JOIN)
    assert address == f"{PUBLIC_URL}/join"
    assert (link.person_id, link.generation) == (DANA_ID, 3)
    assert link.session_id == entry().session_id
    assert link.expires_at == entry().links_expire_at


def test_new_links_are_a_change_of_each_entry() -> None:
    later = NOW + timedelta(days=1)
    before = show(entry(), DIARY, showing())
    after = show(entry(), replace(DIARY, link_generation=1, links_at=later), showing())
    assert (after.sequence, after.last_modified) == (before.sequence + 1, later)
    assert after.uid == before.uid


def test_a_change_of_what_the_feed_shows_is_a_change_of_each_entry() -> None:
    later = NOW + timedelta(days=1)
    before = show(entry(), DIARY, showing())
    after = show(entry(), DIARY, replace(showing(), version=1, changed_at=later))
    assert (after.sequence, after.last_modified) == (before.sequence + 1, later)


def test_initials_are_refused_by_the_name_of_their_field_until_an_agreement_is_recorded() -> None:
    with pytest.raises(DetailNotOffered) as refused:
        offered(Detail.INITIALS, agreed=False)
    assert refused.value.pointer == "#/detail"
    assert offered(Detail.INITIALS, agreed=True) is Detail.INITIALS
    assert [offered(each, agreed=False) for each in (Detail.BUSY, Detail.CODE)] == ["busy", "code"]


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Kim Park", "KP"),
        ("Ana María de la Cruz Ruiz", "AMR"),
        ("李小龙", "李"),
        ("  o'Neill ", "o"),
        ("\u202eשרה כהן", "שכ"),
        ("!? ---", "?"),
        ("", "?"),
        ("x" * 10_000, "x"),
    ],
)
def test_of_a_name_its_initials_are_kept(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_where_initials_are_not_known_the_code_stands() -> None:
    told = showing(Detail.INITIALS)
    assert show(entry(), DIARY, told, initials="KP").summary == "KP"
    assert show(entry(), DIARY, told).summary == case_code(KIM_ID, SECRET)


def test_an_entry_that_ends_before_it_starts_cannot_exist() -> None:
    with pytest.raises(ValueError, match="DTEND"):
        entry(dtend=entry().dtstart)
