"""Who wants it has each appointment in their own calendar, and nothing that tells on them."""

from __future__ import annotations

import pytest

from services.notifier.domain.mail import Mail
from services.notifier.domain.outcomes import AnswerLost
from shared.events.data import MailWishes
from tests.cast import ANA_ID, KIM_ID
from tests.notifier.calendars import Diary, asked_of, calendar_part, events_of
from tests.notifier.diary import (
    DAY,
    HOUR,
    THURSDAY,
    WEEK,
    booked,
    cancel,
    client,
    course,
    guardian,
    move,
    session,
)
from tests.notifier.season import changed, play
from tests.notifier.stage import Stage

INVITED = MailWishes(invitations=True)


def methods(mails: list[Mail]) -> list[str | None]:
    return [None if mail.calendar is None else mail.calendar.method for mail in mails]


async def test_one_appointment_goes_in_moves_and_goes_out_again(stage: Stage) -> None:
    held, diary = session(), Diary()
    await stage.tell(client(mail=INVITED), booked(held))
    sent = await stage.sent_after_grace()
    diary.read(sent)
    assert diary.hours() == [THURSDAY]
    moved = move(held, HOUR)
    await stage.tell(moved)
    sent += await stage.sent_after_grace()
    diary.read(sent[1:])
    assert diary.hours() == [THURSDAY + HOUR]
    await stage.tell(cancel(moved.session))
    sent += await stage.sent_after_grace()
    diary.read(sent[2:])
    assert diary.hours() == []
    assert methods(sent) == ["REQUEST", "REQUEST", "CANCEL"]
    (event,) = events_of(asked_of(sent[0]))
    assert str(event["URL"]) in sent[0].text


async def test_a_course_is_one_entry_with_every_date_and_each_has_its_link(stage: Stage) -> None:
    held, diary = course(weeks=16), Diary()
    await stage.tell(client(mail=INVITED), held)
    (mail,) = await stage.sent_after_grace()
    diary.read([mail])
    assert diary.hours() == [each.starts_at for each in held.sessions]
    links = [str(event["URL"]) for event in events_of(asked_of(mail))]
    assert len(set(links)) == 16
    assert all(link in mail.text for link in links)


async def test_a_calendar_follows_a_course_through_every_change(stage: Stage) -> None:
    held, diary = course(weeks=4), Diary()
    first, second, third, fourth = held.sessions
    await stage.tell(client(mail=INVITED), held)
    diary.read(await stage.sent_after_grace())
    moved = move(second, DAY)
    await stage.tell(moved)
    diary.read(await stage.sent_after_grace())
    assert second.starts_at + DAY in diary.hours()
    assert second.starts_at not in diary.hours()
    await stage.tell(cancel(first))
    diary.read(await stage.sent_after_grace())
    assert diary.hours() == [second.starts_at + DAY, third.starts_at, fourth.starts_at]
    await stage.tell(cancel(moved.session))
    diary.read(await stage.sent_after_grace())
    assert diary.hours() == [third.starts_at, fourth.starts_at]
    await stage.tell(move(third, HOUR))  # told of the whole again, without what had gone
    diary.read(await stage.sent_after_grace())
    assert diary.hours() == [third.starts_at + HOUR, fourth.starts_at]


async def test_several_changes_at_once_are_one_request_of_what_is_left(stage: Stage) -> None:
    held, diary = course(weeks=3), Diary()
    await stage.tell(client(mail=INVITED), held)
    diary.read(await stage.sent_after_grace())
    await stage.tell(changed(held))
    sent = await stage.sent_after_grace()
    diary.read(sent)
    assert methods(sent) == ["REQUEST"]
    assert diary.hours() == [THURSDAY, THURSDAY + WEEK + HOUR]


async def test_a_date_whose_move_may_have_arrived_goes_out_wherever_it_was(
    stage: Stage,
) -> None:
    held, diary = course(weeks=3), Diary()
    first, second, third = held.sessions
    await stage.tell(client(mail=INVITED), held)
    diary.read(await stage.sent_after_grace())
    moved = move(second, DAY)
    await stage.tell(moved)
    stage.channel.answers = [AnswerLost("no_answer")]
    diary.read(await stage.sent_after_grace())  # it did arrive
    assert diary.hours() == [first.starts_at, second.starts_at + DAY, third.starts_at]
    await stage.tell(cancel(moved.session))
    diary.read(await stage.sent_after_grace())
    assert diary.hours() == [first.starts_at, third.starts_at]


async def test_who_did_not_ask_gets_none_and_a_reminder_never_carries_one(stage: Stage) -> None:
    held = session()
    await stage.tell(client(mail=INVITED), client(ANA_ID), booked(held))
    await stage.tell(booked(session(THURSDAY + DAY, clients=(ANA_ID,))))
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY - HOUR
    await stage.sent_now()
    moved = move(held, DAY)
    await stage.tell(moved)
    await stage.sent_after_grace()
    by_reader = {
        reader: methods([mail for mail in stage.channel.sent if mail.to == reader])
        for reader in ("kim@clients.example", "ana@clients.example")
    }
    assert by_reader["kim@clients.example"] == ["REQUEST", None, "REQUEST"]
    assert by_reader["ana@clients.example"] == [None]


async def test_a_move_or_a_cancellation_carries_none_to_who_wants_none(stage: Stage) -> None:
    held = session()
    await stage.tell(client(), booked(held))
    await stage.sent_after_grace()
    moved = move(held, HOUR)
    await stage.tell(moved)
    await stage.sent_after_grace()
    await stage.tell(cancel(moved.session))
    await stage.sent_after_grace()
    assert methods(stage.channel.sent) == [None, None, None]
    assert all(calendar_part(mail) is None for mail in stage.channel.sent)


async def test_members_of_a_group_have_entries_of_their_own(stage: Stage) -> None:
    held = course(weeks=2, clients=(KIM_ID, ANA_ID))
    await stage.tell(client(mail=INVITED), client(ANA_ID, mail=INVITED), held)
    kim, ana = [asked_of(mail) for mail in await stage.sent_after_grace()]
    assert events_of(kim)[0]["UID"] != events_of(ana)[0]["UID"]
    everything = kim.to_ical().decode()
    assert str(held.course_id) not in everything
    assert all(str(each.session_id) not in everything for each in held.sessions)


async def test_a_guardian_has_the_hour_and_no_way_in(stage: Stage) -> None:
    jo = guardian("times", mail=INVITED)
    await stage.tell(client(guardians=(jo,)), booked(session()))
    (mail,) = [mail for mail in await stage.sent_after_grace() if mail.to == "jo@clients.example"]
    (event,) = events_of(asked_of(mail))
    assert "URL" not in event
    assert "DESCRIPTION" not in event


@pytest.mark.parametrize(("locale", "summary"), [("en-US", "Appointment"), ("es-MX", "Cita")])
async def test_whatever_happens_in_a_season_every_object_holds_and_says_one_word(
    stage: Stage, locale: str, summary: str
) -> None:
    sent = await play(stage, locale=locale, invitations=True)
    carrying = {kind for kind, mails in sent.items() if any(mail.calendar for mail in mails)}
    assert carrying == {"confirmation", "moved", "cancelled", "changed"}
    diaries: dict[str, Diary] = {}
    for mail in stage.channel.sent:
        if mail.calendar is None:
            continue
        diaries.setdefault(mail.to, Diary()).read([mail])
        assert {str(e["SUMMARY"]) for e in events_of(asked_of(mail))} == {summary}
    assert set(diaries) == {"kim@clients.example", "jo@clients.example"}
    assert diaries["kim@clients.example"].hours() == diaries["jo@clients.example"].hours()
