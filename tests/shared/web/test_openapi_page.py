"""The page of the reference: read by people, without scripts and without any other host."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import pytest

from shared.clock import HeldClock
from shared.web.reference.document import openapi
from shared.web.reference.page import rendered
from tests.architecture.apps import every_app
from tests.shared.diary import diary_app, running

Json = dict[str, Any]

DOCUMENTS: Final = {name: openapi(app) for name, app in every_app().items()}
EVERY: Final = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=list(DOCUMENTS))


class Addresses(HTMLParser):
    """Collects where a page leads, what it loads, and its ids."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.ids: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        said = {name: value or "" for name, value in attrs}
        self.ids += [said["id"]] if "id" in said else []
        if "href" in said:
            (self.links if tag == "a" else self.loaded).add(said["href"])
        assert not {"src", "style", "onclick", "srcset"} & set(said)


@EVERY
def test_the_page_needs_no_script_and_no_other_host(document: Json) -> None:
    found = Addresses()
    found.feed(rendered(document))
    assert found.loaded == {"/docs.css"}
    assert not {"script", "iframe", "img", "style", "form"} & found.tags
    assert len(set(found.ids)) == len(found.ids)
    inside = {f"#{id}" for id in found.ids}
    assert found.links <= {*inside, "/openapi.json"}
    named = [each["operationId"] for item in document["paths"].values() for each in item.values()]
    assert {f"#{id}" for id in named} <= found.links


async def test_everyone_may_read_both(clock: HeldClock, tmp_path: Path) -> None:
    app = diary_app(f"sqlite:///{tmp_path / 'diary.db'}", clock)
    async with running(app) as client:
        document = await client.get("/openapi.json")
        assert document.status == 200
        assert await document.json() == openapi(app)
        page = await client.get("/docs")
        assert page.status == 200
        assert page.content_type == "text/html"
        allowed = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in allowed
        assert not re.search(r"https?:|unsafe|\*", allowed)
        style = await client.get("/docs.css")
        assert style.content_type == "text/css"
        assert "url(" not in await style.text()
