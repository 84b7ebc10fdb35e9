"""Composition root: the one module that knows how the parts fit."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from services.notifier.api import reminders, resending, sending, stopped_addresses, webhooks
from services.notifier.api.refusals import STATUS
from services.notifier.channels.maildir import Maildir
from services.notifier.channels.port import Channel
from services.notifier.channels.smtp import Smtp
from services.notifier.consumer import apply_calendar, applying
from services.notifier.domain.links import Links
from services.notifier.domain.names import Letterhead
from services.notifier.jobs import SMTP_SWEEPERS, SWEEPERS, jobs
from services.notifier.keys import SETTINGS, SWEEP, TICK
from services.notifier.pages import mailbox, previews
from services.notifier.settings import MaildirSettings, SendGridSettings, Settings, SmtpSettings
from services.notifier.store import MIGRATIONS
from services.notifier.store.sending import read_switch
from services.notifier.use_cases.counting import Counts
from services.notifier.use_cases.reminding import Rules
from services.notifier.use_cases.resting import rest_now
from services.notifier.use_cases.sweeping import Sweep
from shared.clock import Clock, SystemClock
from shared.waking import Signal
from shared.web import event_route
from shared.web.consuming import PROGRESS, consuming
from shared.web.health import Finding
from shared.web.keys import CLOCK, DATABASE, HEALTH, METRICS
from shared.web.service import Skeleton, service_app

SOURCE = "scheduler"


def create_app(settings: Settings, *, clock: Clock | None = None) -> web.Application:
    """Return the notifier, not yet started."""
    skeleton = Skeleton(
        name="notifier",
        serving=settings.serving,
        migrations=MIGRATIONS,
        clock=clock or SystemClock(),
        refusals=STATUS,
    )
    app = service_app(skeleton)
    app[SETTINGS] = settings
    app[TICK] = Signal()
    rules = Rules(offsets=settings.offsets, grace=settings.grace)
    key = settings.serving.service_api_key
    app.cleanup_ctx.append(consuming(SOURCE, settings.scheduler_url, key, applying(rules)))
    if settings.calendar_feed_url is not None:
        # It starts after us and may be away: no mail waits for it.
        app.cleanup_ctx.append(
            consuming(
                "calendar_feed", settings.calendar_feed_url, key, apply_calendar, needed=False
            )
        )
    app.cleanup_ctx.append(_sweep)
    over_smtp = isinstance(settings.channel, SmtpSettings)
    app.cleanup_ctx.extend(jobs(SMTP_SWEEPERS if over_smtp else SWEEPERS))
    app.add_routes(reminders.routes)
    app.add_routes(resending.routes)
    app.add_routes(sending.routes)
    app.add_routes(stopped_addresses.routes)
    app.add_routes(webhooks.routes)
    app.add_routes(event_route.routes)
    app.add_routes(mailbox.routes)
    app.add_routes(previews.routes)
    return app


@asynccontextmanager
async def _sweep(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    links = Links(public_url=str(settings.public_url), secret=settings.serving.secret_key)
    async with _channel(settings, app[CLOCK]) as channel:
        app[SWEEP] = Sweep(
            database=app[DATABASE],
            clock=app[CLOCK],
            progress=app[PROGRESS],
            channel=channel,
            links=links,
            letterhead=Letterhead(address=settings.mail_from, practice=settings.signed),
            counts=Counts(app[METRICS].registry),
            chance=random.random,
        )

        async def check() -> Finding:
            rest = await rest_now(app[DATABASE], channel.name, app[CLOCK].now())
            until = None if rest is None else rest.until.isoformat()
            why = {} if rest is None else {"resting_until": until, "reason": rest.reason}
            switch = await app[DATABASE].read(read_switch)
            paused = switch.paused_at is not None
            return Finding(ok=True, facts={"name": channel.name, "paused": paused, **why})

        app[HEALTH].add("channel", check)
        yield


@asynccontextmanager
async def _channel(settings: Settings, clock: Clock) -> AsyncIterator[Channel]:
    sender = settings.mail_from
    match settings.channel:
        case MaildirSettings(folder=folder):
            yield Maildir(folder, sender=sender, clock=clock)
        case SmtpSettings(relay=relay):
            async with Smtp(relay, sender=sender, clock=clock) as smtp:
                yield smtp
        case SendGridSettings() as account:
            # Only here: the SDK costs 8 MB and a tenth of a second.
            from services.notifier.channels.sendgrid_mail import SendGrid, sendgrid_session

            async with sendgrid_session() as http:
                yield SendGrid(
                    http,
                    api=account.api,
                    key=account.key,
                    sender=sender,
                    clock=clock,
                    sandbox=account.sandbox,
                )
