"""Many reminders at once: each is decided by itself, and a fault of one is no other's."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.mail import Mail
from services.notifier.domain.outcomes import AnswerLost, Failed, Retry
from services.notifier.domain.plan import TROUBLE_GATHERS
from services.notifier.store import tables
from services.notifier.store.claims import LEASE
from services.notifier.use_cases.batching import Batch, begin_batch
from services.notifier.use_cases.composing import Desk
from shared.events.data import MailWishes, PracticeSaved, Session
from tests.notifier.diary import DAY, HOUR, MINUTE, THURSDAY, booked, cancel, client, session
from tests.notifier.stage import LETTERHEAD, LINKS, Killed, Stage

MANY = 250


@pytest.fixture(autouse=True)
async def kim(stage: Stage) -> None:
    await stage.tell(client())


async def due(stage: Stage, count: int) -> list[Session]:
    """Bring the clock to where so many reminders are due, and nothing else."""
    sessions = [session(THURSDAY + n * MINUTE / 10) for n in range(count)]
    await stage.tell(*(booked(each) for each in sessions))
    await stage.sent_after_grace()
    stage.channel.sent.clear()
    stage.clock.moment = THURSDAY - DAY + HOUR
    return sessions


async def begun(stage: Stage) -> Batch:
    """Claim a batch as a process does that then ends: nothing of it is sent."""
    desk = Desk(links=LINKS, letterhead=LETTERHEAD, repeatable=False, now=stage.clock.now())

    async def begin(conn: AsyncConnection) -> Batch:
        return await begin_batch(conn, desk, 100)

    return await stage.database.write(begin)


def copies(stage: Stage) -> Counter[str]:
    return Counter(str(mail.delivery_id) for mail in stage.channel.sent)


async def test_two_replicas_share_what_is_due_and_send_each_once(stage: Stage) -> None:
    await due(stage, MANY)
    await asyncio.gather(stage.sweep_all(), stage.replica().sweep_all())
    assert len(stage.channel.sent) == len(copies(stage)) == MANY


async def test_what_is_cancelled_before_the_batch_begins_is_not_in_it(stage: Stage) -> None:
    first, *others = await due(stage, 5)
    await stage.tell(cancel(first))
    batch = await begun(stage)
    assert len(batch.attempts) == len(others)


async def test_a_cancel_while_a_batch_is_on_its_way_is_mailed_after_it(stage: Stage) -> None:
    sessions = await due(stage, 5)

    async def cancelled_meanwhile(mail: Mail) -> None:
        stage.channel.before = None
        await stage.tell(cancel(sessions[-1]))

    stage.channel.before = cancelled_meanwhile
    assert len(await stage.sent_now()) == 5  # all had been recorded before
    (notice,) = await stage.sent_after_grace()
    assert "cancel" in notice.subject.lower()


async def test_a_process_that_ends_once_its_batch_is_recorded_leaves_each_in_doubt(
    stage: Stage,
) -> None:
    await due(stage, 5)
    assert len((await begun(stage)).attempts) == 5
    assert await stage.sent_now() == []  # they are leased
    assert len(await stage.pass_time(LEASE)) == 5
    assert [state for state, _ in await stage.states("reminder")].count("sent") == 5


async def test_of_a_batch_whose_answers_were_never_written_each_second_copy_is_marked(
    stage: Stage,
) -> None:
    await due(stage, 3)
    stage.channel.answers = [Killed(), Killed(), Killed()]
    with pytest.raises(Killed):
        await stage.sweep_all()
    await stage.pass_time(LEASE)
    assert set(copies(stage).values()) == {2}
    sent = [mail for mail in await stage.plan("reminder") if mail.state == "sent"]
    assert [mail.answer_lost for mail in sent] == [True] * 3


async def test_each_of_a_batch_is_settled_by_its_own_answer(stage: Stage) -> None:
    await due(stage, 4)
    stage.channel.answers = [Failed("refused"), Retry("busy"), AnswerLost("silent")]
    await stage.sweep_all()
    found = Counter(await stage.states("reminder"))
    assert found["failed", "refused"] == 1
    assert found["sent", None] == 1
    assert len(stage.channel.sent) == 4
    await stage.pass_time(HOUR)
    assert Counter(copies(stage).values()) == {1: 2, 2: 2}  # the busy and the silent once more


async def spoil(stage: Stage, one: Session) -> None:
    """Give this session an end of its links that no link can have, past every door."""

    async def change(conn: AsyncConnection) -> None:
        await conn.execute(
            sa.update(tables.sessions)
            .where(tables.sessions.c.id == one.session_id)
            .values(links_expire_at=datetime(1969, 1, 1, tzinfo=UTC))
        )

    await stage.database.write(change)


async def test_of_a_batch_one_that_cannot_be_written_is_given_up_and_staff_are_mailed(
    stage: Stage,
) -> None:
    await stage.tell(PracticeSaved(revision=1, staff_address="staff@practice.example"))
    bad, *_ = await due(stage, 5)
    await spoil(stage, bad)
    assert len(await stage.sent_now()) == 4
    assert (await stage.states("reminder")).count(("failed", "cannot_be_written")) == 1
    (told,) = await stage.pass_time(TROUBLE_GATHERS)
    assert told.to == "staff@practice.example"


async def test_an_entry_that_cannot_be_written_is_given_up_too(stage: Stage) -> None:
    await stage.tell(client(revision=2, mail=MailWishes(invitations=True)))
    await stage.tell(booked(session()))
    stage.sweep = replace(
        stage.sweep, letterhead=replace(LETTERHEAD, address="desk\ud800@hour.example")
    )
    assert await stage.sent_after_grace() == []
    assert ("failed", "cannot_be_written") in await stage.states("confirmation")
