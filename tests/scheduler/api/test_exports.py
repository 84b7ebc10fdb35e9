"""One person's everything, and nobody else's; each export is in the audit log."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import icalendar
import pytest
import recurring_ical_events
import sqlalchemy as sa
from aiohttp.client import ClientResponse

from services.scheduler.api.export_tables import defused
from services.scheduler.store import exports
from services.scheduler.store.tables import absences, consents, metadata
from shared.web.keys import DATABASE
from tests.cast import ANA, KIM, LEE, Body
from tests.scheduler.pages.test_join import STARTS, knock, link_of
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, Practice, problem_of

LEE_AND_HER_FATHER = LEE | {
    "date_of_birth": "1990-05-01",
    "guardians": [{"name": "Bo Chen", "email": "bo@example.org", "notices": "times"}],
}


async def export(practice: Practice, path: str, **params: str) -> ClientResponse:
    answer = await practice.get(f"/v1/{path}/export", **params)
    assert answer.status == 200, await answer.text()
    return answer


async def everything(practice: Practice, path: str) -> Body:
    found: Body = await (await export(practice, path)).json()
    return found


async def group(practice: Practice) -> tuple[str, list[str], Body]:
    """Book a follow-up of Kim, Ana and Lee with Dana."""
    dana = await practice.clinician()
    people = [await practice.person(body) for body in (KIM, ANA, LEE_AND_HER_FATHER)]
    body = {"kind": "follow_up", "clinician_id": dana, "client_ids": people}
    session = await practice.made("/v1/sessions", body | {"starts_at": STARTS.isoformat()})
    return dana, people, session


async def test_a_clients_everything_is_given(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person(LEE_AND_HER_FATHER)
    course = await practice.course(dana, kim, sessions=2)
    first = course["sessions"][0]
    await practice.made(f"/v1/sessions/{first['id']}/cancel", {"reason": "the flu"})
    found = await everything(practice, f"clients/{kim}")
    assert (found["kind"], found["person"]["name"]) == ("client", "Lee Chen")
    assert found["person"]["date_of_birth"] == "1990-05-01"
    assert [each["name"] for each in found["guardians"]] == ["Bo Chen"]
    assert [each["id"] for each in found["courses"]] == [course["id"]]
    assert [(each["id"], each["status"]) for each in found["sessions"]] == [
        (first["id"], "cancelled"),
        (course["sessions"][1]["id"], "scheduled"),
    ]
    assert found["sessions"][0]["cancel_reason"] == "the flu"
    assert datetime.fromisoformat(found["sessions"][0]["starts_at"]) == STARTS
    assert {each["client_id"] for each in found["memberships"]} == {kim}
    assert [each["action"] for each in found["audit"]][:1] == ["POST /v1/clients"]


async def test_what_was_recorded_elsewhere_is_given_too(practice: Practice) -> None:
    _, (kim, *_), session = await group(practice)
    practice.clock.moment = STARTS
    assert (await knock(practice, link_of(session, kim))).status == 303
    async with practice.client.app[DATABASE].engine.begin() as conn:
        consent = {"id": uuid4(), "client_id": _uuid(kim), "basis": "own", "given_by": "Kim"}
        times = {"given_on": date(2027, 1, 4), "recorded_at": STARTS}
        await conn.execute(sa.insert(consents).values(consent | times))
        away = {"session_id": _uuid(session["id"]), "client_id": _uuid(kim), "told_at": STARTS}
        await conn.execute(sa.insert(absences).values(away))
    found = await everything(practice, f"clients/{kim}")
    assert [(each["basis"], each["given_on"]) for each in found["consents"]] == [
        ("own", "2027-01-04")
    ]
    assert [each["session_id"] for each in found["absences"]] == [session["id"]]
    assert [each["person_id"] for each in found["arrivals"]] == [kim]
    assert "session.join" in [each["action"] for each in found["audit"]]


def _uuid(text: str) -> Any:
    return sa.Uuid().python_type(text)


async def test_a_member_of_a_group_learns_nothing_of_another(practice: Practice) -> None:
    dana, (kim, ana, lee), session = await group(practice)
    await practice.made(f"/v1/sessions/{session['id']}/cancel", {"reason": "Ana is ill"})
    for form in ("json", "ics", "csv"):
        text = await (await export(practice, f"clients/{kim}", format=form)).text()
        for unsaid in (ana, lee, "Ana", "Lee", "Bo Chen", "is ill"):
            assert unsaid not in text, (form, unsaid)
    found = await everything(practice, f"clients/{kim}")
    assert [each["clinician_id"] for each in found["sessions"]] == [dana]
    shared = [each for each in found["audit"] if each["action"].startswith("POST /v1/sessions")]
    assert shared
    assert {each["details"] for each in shared} == {None}


async def test_a_clinicians_export_says_nothing_of_clients(practice: Practice) -> None:
    dana, people, session = await group(practice)
    await practice.made(f"/v1/sessions/{session['id']}/cancel", {"reason": "Ana is ill"})
    await practice.key("clinician", dana)
    answer = await export(practice, f"clinicians/{dana}")
    text = await answer.text()
    for unsaid in (*people, "Kim", "is ill", "sh_"):
        assert unsaid not in text
    found = json.loads(text)
    assert (found["kind"], found["person"]["name"]) == ("clinician", "Dana Reyes")
    assert [each["id"] for each in found["sessions"]] == [session["id"]]
    assert [each["name"] for each in found["keys"]] == ["a key of the tests"]
    table = await (await export(practice, f"clinicians/{dana}", format="csv")).text()
    assert "is ill" not in table


async def test_every_table_is_exported_or_left_out_for_a_reason() -> None:
    id = uuid4()
    sections = [*exports.client_sections(id), *exports.clinician_sections(id)]
    read = {section.table.name for section in sections} | {"audit_entries"}
    assert not read & set(exports.NOT_ABOUT_ONE)
    assert read | set(exports.NOT_ABOUT_ONE) == set(metadata.tables)


async def test_sessions_are_read_back_by_a_calendar(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    course = await practice.course(dana, kim, sessions=5)
    moved, cancelled = course["sessions"][1], course["sessions"][2]
    later = datetime.fromisoformat(moved["starts_at"]) + timedelta(hours=1)
    await practice.made(f"/v1/sessions/{moved['id']}/move", {"starts_at": later.isoformat()})
    await practice.made(f"/v1/sessions/{cancelled['id']}/cancel", {"reason": "=1+1"})
    answer = await export(practice, f"clients/{kim}", format="ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="client-{kim}.ics"'
    raw = await answer.read()
    calendar = icalendar.Calendar.from_ical(raw)
    assert (calendar["VERSION"], "METHOD" in calendar) == ("2.0", False)
    events = {str(each["UID"]): each for each in calendar.walk("VEVENT")}
    assert set(events) == {each["id"] for each in course["sessions"]}
    assert {str(each["SUMMARY"]) for each in events.values()} == {"Appointment"}
    assert events[moved["id"]]["SEQUENCE"] == 1
    assert events[moved["id"]].decoded("DTSTART") == later.astimezone(UTC)
    assert str(events[cancelled["id"]]["STATUS"]) == "CANCELLED"
    spring = recurring_ical_events.of(calendar).between((2027, 3, 15), (2027, 3, 21))
    assert [each.decoded("DTSTART") for each in spring] == [datetime(2027, 3, 16, 19, tzinfo=UTC)]
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    for unsaid in (b"Kim", b"Dana", b"course", b"1+1"):
        assert unsaid not in raw


async def test_a_client_without_sessions_has_a_whole_calendar(practice: Practice) -> None:
    kim = await practice.person()
    raw = await (await export(practice, f"clients/{kim}", format="ics")).read()
    assert icalendar.Calendar.from_ical(raw).walk("VEVENT") == []


async def test_a_second_export_has_the_same_uids(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    await practice.course(dana, kim, sessions=3)
    uids = []
    for path in (f"clients/{kim}", f"clients/{kim}", f"clinicians/{dana}"):
        raw = await (await export(practice, path, format="ics")).read()
        uids.append({str(each["UID"]) for each in icalendar.Calendar.from_ical(raw).walk("VEVENT")})
    assert uids[0] == uids[1] == uids[2]
    assert len(uids[0]) == 3


async def test_no_cell_of_a_spreadsheet_is_a_formula(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    session = await practice.consultation(dana, kim, STARTS.isoformat())
    reason = '=HYPERLINK("https://elsewhere.example")'
    await practice.made(f"/v1/sessions/{session['id']}/cancel", {"reason": reason})
    answer = await export(practice, f"clients/{kim}", format="csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    (line,) = csv.DictReader(io.StringIO(await answer.text()))
    assert line["cancel_reason"] == f"'{reason}"
    assert (line["starts_at"], line["status"]) == ("2027-02-16T15:00:00-05:00", "cancelled")


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_each_sign_that_begins_a_formula_is_defused(begins: str) -> None:
    assert defused(f"{begins}1") == f"'{begins}1"


def test_other_text_stays_as_it_is() -> None:
    for text in ("", "a=b", "2027-02-16", " =1", "'=1"):
        assert defused(text) == text


async def test_each_export_is_in_the_audit_log(practice: Practice) -> None:
    kim = await practice.person()
    for form in ("json", "ics", "csv"):
        await export(practice, f"clients/{kim}", format=form)
    entries = (await (await practice.get("/v1/audit", subject=kim)).json())["entries"]
    assert [each["action"] for each in entries].count("GET /v1/clients/{id}/export") == 3


@AT_THE_DOOR
async def test_only_staff_export_and_only_whom_there_is(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    key = await practice.key("clinician", dana)
    for path in (f"clients/{kim}", f"clinicians/{dana}"):
        await problem_of(await practice.get(f"/v1/{path}/export", key=key), 403)
        await problem_of(await practice.get(f"/v1/{path}/export", format="pdf"), 422)
    for form in ("json", "ics", "csv"):
        for path in (f"clients/{NOBODY}", f"clinicians/{NOBODY}", f"clients/{dana}", "clients/x"):
            await problem_of(await practice.get(f"/v1/{path}/export", format=form), 404)
