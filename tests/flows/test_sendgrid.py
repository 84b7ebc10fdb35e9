"""Mail through a SendGrid that fails in every way it can: nothing lost, a repeat is marked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from demo.processes import Services
from tests.fakes.sendgrid_server import LOCAL_KEY, Behaviour, SendGrid
from tests.fakes.sendgrid_webhook import Webhook, event
from tests.flows.conftest import Start
from tests.flows.stranger import ALWAYS, Json, Stranger, now, soon

pytestmark = pytest.mark.flow
Meet = Callable[[Services], Stranger]
SETTLED = ("sent", "failed", "skipped")


def sendgrid_settings(server: SendGrid) -> dict[str, str]:
    return {
        "EMAIL_CHANNEL": "sendgrid",
        "SENDGRID_API_URL": server.url,
        "SENDGRID_API_KEY": LOCAL_KEY,
        "SENDGRID_NO_BAA_ACCEPTED": "yes",
    }


@pytest.mark.parametrize(
    "behaviour",
    [Behaviour.UNAUTHORIZED, Behaviour.TOO_MANY, Behaviour.ERROR, Behaviour.UNAVAILABLE],
)
async def test_a_mail_that_was_refused_for_now_is_sent_later_and_once(
    start: Start, meet: Meet, behaviour: Behaviour
) -> None:
    async with SendGrid() as server:
        services = start(**sendgrid_settings(server))
        staff = meet(services)
        server.behave(behaviour, times=1)
        settled = await a_settled_confirmation(staff)
        assert (settled["state"], settled["attempts"]) == ("sent", 2)
        assert not settled["answer_lost"]
        assert len(server.mails) == 1


async def test_a_lost_answer_makes_at_most_one_more_and_is_marked(start: Start, meet: Meet) -> None:
    async with SendGrid() as server:
        services = start(**sendgrid_settings(server))
        staff = meet(services)
        server.behave(Behaviour.DROP, times=1)
        settled = await a_settled_confirmation(staff)
        assert (settled["state"], settled["answer_lost"]) == ("sent", True)
        assert len(server.mails) == 2


async def test_what_sendgrid_is_told_is_a_time_and_links_and_nothing_else(
    start: Start, meet: Meet
) -> None:
    async with SendGrid() as server:
        services = start(**sendgrid_settings(server))
        await a_settled_confirmation(meet(services))
        payload = server.mails[0].payload
        assert payload["tracking_settings"]["click_tracking"]["enable"] is False
        assert payload["tracking_settings"]["open_tracking"]["enable"] is False
        assert payload["tracking_settings"]["subscription_tracking"]["enable"] is False
        told = str(payload).lower()
        for word in ("dana", "kim park", "hudson", "therapy", "consultation", "session"):
            assert word not in told.replace("sessions/", "")


async def test_mail_that_comes_back_makes_a_task_and_no_more_of_it(
    start: Start, meet: Meet
) -> None:
    webhook = Webhook()
    async with SendGrid() as server:
        services = start(
            **sendgrid_settings(server), SENDGRID_WEBHOOK_PUBLIC_KEY=webhook.public_key
        )
        staff = meet(services)
        settled = await a_settled_confirmation(staff)
        body = webhook.batch(event("bounce", settled["id"], now(), type="bounce"))
        url = services.url("notifier") + "/webhooks/sendgrid"
        async with staff.http.post(url, data=body, headers=webhook.sign(body, now())) as answer:
            assert answer.status == 204
        task = await soon(lambda: the_task(staff))
        assert task is not None
        assert (task["kind"], task["note"]) == ("address_bounced", "bounced")
        assert task["subject_id"] == settled["person_id"]


async def the_task(staff: Stranger) -> Json | None:
    return next(iter((await staff.get("/tasks"))["tasks"]), None)


async def a_settled_confirmation(staff: Stranger) -> Json:
    """Book a consultation for in three days, and return its confirmation once it is settled."""
    clinician, client = await staff.clinician(working_hours=ALWAYS), await staff.client()
    session = await staff.consultation(clinician, client, now() + timedelta(days=3))

    async def settled() -> Json | None:
        found = await staff.reminders(session["id"])
        done = (r for r in found if r["kind"] == "confirmation" and r["state"] in SETTLED)
        return next(done, None)

    found = await soon(settled, seconds=20)
    assert found is not None
    return found
