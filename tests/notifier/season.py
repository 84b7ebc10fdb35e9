"""Everything that is ever mailed, once: what happens in a season, told to a stage."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import uuid4

from services.notifier.domain.mail import Mail
from services.notifier.use_cases.planning_days import plan_digests
from shared.events.data import (
    CourseBooked,
    CourseChanged,
    MailWishes,
    OfferMade,
    PracticeSaved,
    SessionConcluded,
)
from tests.cast import ANA_ID, DANA_ID, KIM_ID, LEE_ID, NEW_YORK
from tests.notifier.diary import (
    DAY,
    HOUR,
    THURSDAY,
    WEEK,
    booked,
    cancel,
    client,
    clinician,
    course,
    ended,
    guardian,
    move,
    now_as,
    session,
)
from tests.notifier.stage import Stage

STAFF: Final = "desk@practice.example"
ADDRESSES: Final = frozenset(
    {
        *("kim@clients.example", "ana@clients.example", "jo@clients.example"),
        *("dana@clinicians.example", STAFF),
    }
)


async def play(
    stage: Stage, *, name: str = "Kim Park", locale: str = "en-US", invitations: bool = False
) -> dict[str, list[Mail]]:
    """Let it all happen to people who are all called `name`; return what was sent, by kind.

    Ana's address is one that nobody vouches for, Lee's is none at all.
    """
    wishes = MailWishes(invitations=invitations)
    jo = guardian("copies", mail=wishes).model_copy(update={"name": name, "locale": locale})
    dana = clinician(digest_at="07:30", news=True, locale=locale)
    await stage.tell(
        PracticeSaved(revision=1, staff_address=STAFF, follow_up_weeks=4),
        dana.model_copy(update={"name": name}),
        client(name=name, locale=locale, mail=wishes, guardians=(jo,)),
        client(ANA_ID, name=name, locale=locale, address_vouched=False),
        client(LEE_ID, name=name, locale=locale, email="not an address\r\nBcc: x@x.example"),
    )
    await _appointments(stage)
    await _a_course(stage)
    kinds = {each.id: each.kind for each in await stage.plan()}
    by_kind: dict[str, list[Mail]] = {}
    for mail in stage.channel.sent:
        by_kind.setdefault(kinds[mail.delivery_id], []).append(mail)
    return by_kind


async def _appointments(stage: Stage) -> None:
    """A consultation is booked, moved, confirmed and reminded of; another one is cancelled."""
    first, second = session(), session(THURSDAY + DAY)
    await stage.tell(booked(first), booked(second), booked(session(clients=(LEE_ID,))))
    await stage.sent_after_grace()
    moved = move(first, HOUR)
    await stage.tell(moved, cancel(second), _offer(stage))
    await stage.sent_after_grace()
    confirmed = moved.session.model_copy(update={"revision": 3, "confirmed_by": (KIM_ID,)})
    await stage.tell(booked(confirmed))
    await stage.sent_after_grace()
    await stage.tell_unseen(confirmed, revision=3)
    stage.clock.moment = THURSDAY - DAY
    await plan_digests(stage.database, stage.clock.now())
    for _ in range(13):
        await stage.pass_time(2 * HOUR)


async def _a_course(stage: Stage) -> None:
    """A course is booked, its dates change, and it ends."""
    held = course(THURSDAY + 2 * WEEK, weeks=3)
    await stage.tell(held)
    await stage.sent_after_grace()
    await stage.tell(changed(held))
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY + 5 * WEEK
    over = now_as(held.sessions[0], status="attended")
    await stage.tell(SessionConcluded(session=over), ended(held))
    await stage.sent_after_grace()
    await stage.pass_time(timedelta(weeks=4))


def changed(held: CourseBooked) -> CourseChanged:
    """Tell that the second date was moved and the third cancelled, at once."""
    return CourseChanged(
        course_id=held.course_id,
        clinician_id=DANA_ID,
        client_ids=held.client_ids,
        timezone=NEW_YORK,
        sessions=(move(held.sessions[1], HOUR).session, cancel(held.sessions[2]).session),
    )


def _offer(stage: Stage) -> OfferMade:
    return OfferMade(
        offer_id=uuid4(),
        client_id=KIM_ID,
        clinician_id=DANA_ID,
        starts_at=THURSDAY + 2 * DAY,
        ends_at=THURSDAY + 2 * DAY + HOUR,
        timezone=NEW_YORK,
        weekly=True,
        expires_at=stage.clock.now() + DAY,
    )
