"""A person with a link and a browser: looks at pages and presses the buttons that are on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Final
from uuid import UUID

from aiohttp.client import ClientResponse

from shared.links import Link, Purpose, sign
from tests.cast import DANA, KIM, Body
from tests.scheduler.practice import Practice
from tests.shared.diary import SECRET

STARTS: Final = datetime(2027, 2, 16, 20, tzinfo=UTC)  # Tuesday, 3 PM in New York
END: Final = STARTS + timedelta(days=400)


@dataclass(slots=True, kw_only=True)
class Form:
    """A form as it stands on a page: where it goes, and what its fields hold."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def does(self) -> str:
        return self.action.rpartition("/")[2]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            assert values["method"] == "post"
            self.forms.append(Form(action=values["action"]))
        elif tag in ("input", "textarea"):
            self.forms[-1].fields[values["name"]] = values.get("value", "")
        elif tag == "button" and "name" in values:
            self.forms[-1].buttons.append((values["name"], values["value"]))
        elif tag == "a":
            self.links.append(values["href"])

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.text.append(" ".join(data.split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the person sees."""

    status: int
    html: str
    text: str
    forms: dict[str, Form]
    links: list[str]

    def says(self, *words: str) -> bool:
        return all(each in self.text for each in words)

    @property
    def offers(self) -> set[str]:
        """What can be done from here, by a button or by following a link."""
        return {*self.forms, *(link.rpartition("/")[2].partition("?")[0] for link in self.links)}


@dataclass(slots=True, kw_only=True)
class Visitor:
    """Who holds `token`."""

    practice: Practice
    token: str

    @property
    def path(self) -> str:
        return f"/appointments/{self.token}"

    async def look(self, below: str = "") -> Page:
        return await self._page(await self.practice.client.get(f"{self.path}{below}"))

    async def send(self, does: str, fields: dict[str, str], **headers: str) -> ClientResponse:
        """Send a form without following where it leads."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.practice.client.post(
            f"{self.path}/{does}", data=fields, headers=named, allow_redirects=False
        )

    async def press(self, page: Page, does: str, **typed: str) -> Page:
        """Press the button of that form on `page`, and go where it leads."""
        answer = await self.send(does, page.forms[does].fields | typed)
        if answer.status != HTTPStatus.SEE_OTHER:
            return await self._page(answer)
        return await self._page(await self.practice.client.get(answer.headers["Location"]))

    async def _page(self, answer: ClientResponse) -> Page:
        assert answer.content_type == "text/html", await answer.text()
        reader = _Reader()
        reader.feed(await answer.text())
        return Page(
            status=answer.status,
            html=await answer.text(),
            text=" ".join(reader.text),
            forms={form.does: form for form in reader.forms},
            links=reader.links,
        )


def visitor(practice: Practice, session: Body, person: str | None = None) -> Visitor:
    """Return whoever got the link of this session in their mail, its first client if not said."""
    return Visitor(practice=practice, token=sign(link_of(session, person), SECRET))


def link_of(session: Body, person: str | None = None) -> Link:
    return Link(
        purpose=Purpose.APPOINTMENT,
        session_id=UUID(session["id"]),
        person_id=UUID(person or session["client_ids"][0]),
        generation=0,
        expires_at=END,
    )


async def booked(practice: Practice, kim: Body = KIM, dana: Body = DANA) -> Body:
    clinician_id = (await practice.made("/v1/clinicians", dana))["id"]
    client_id = (await practice.made("/v1/clients", kim))["id"]
    return await practice.consultation(clinician_id, client_id, STARTS.isoformat())


async def kim_with(practice: Practice, **kim: object) -> tuple[Visitor, Body]:
    session = await booked(practice, KIM | kim)
    return visitor(practice, session), session


async def now_of(practice: Practice, session: Body) -> Body:
    found: Body = await (await practice.get(f"/v1/sessions/{session['id']}")).json()
    return found


def same_but_revision(one: Body, other: Body) -> bool:
    return {**one, "revision": 0} == {**other, "revision": 0}


async def chosen(kim: Visitor, starts_at: str | None = None) -> Page:
    """Go to the times and choose one: the first if not said."""
    times = await kim.look("/times")
    name, value = times.forms["hold"].buttons[0]
    return await kim.press(times, "hold", **{name: starts_at or value})
