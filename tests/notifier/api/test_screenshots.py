"""A real browser shows each mail on a phone, light and dark: it fits, and all of it can be read."""

from __future__ import annotations

import pytest

from services.notifier.domain.states import Kind
from services.notifier.rendering.render import render
from services.notifier.rendering.samples import sample
from tests.notifier.chromium import HERE, chromium
from tests.notifier.screenshots import ELSEWHERE, SCREENS, previews, shown, wrongs

pytestmark = pytest.mark.skipif(HERE is None, reason="Chromium is not on this machine")
PHONES = [screen for screen in SCREENS if screen.name.startswith("phone")]

FAULTS = {
    "h1.style.whiteSpace = 'nowrap'": "pixels too wide",
    "h1.style.marginLeft = '-99px'": "outside: ",
    "h1.style.color = '#ddd'": "faint: ",
    "h1.style.display = 'none'": "not said: ",
    "document.links[0].parentElement.remove()": "no link: ",
    "document.links[0].style.padding = document.links[0].style.lineHeight = 0": "a button of",
}


async def test_every_kind_fits_on_a_phone_and_all_of_it_can_be_read_and_pressed() -> None:
    async with previews() as base, chromium() as tab:
        found = {
            name: wrong
            async for name, wrong in shown(tab, base, details=["standard"], screens=PHONES)
        }
    assert len(found) == len(Kind) * 2 * 2
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


async def test_a_fault_would_be_seen() -> None:
    words = render(sample(Kind.REMINDER, locale="en", timezone=ELSEWHERE, named=False))
    path = f"/previews/reminder/en/minimal/html?zone={ELSEWHERE}"
    async with previews() as base, chromium() as tab:
        for fault, seen in FAULTS.items():
            await tab.show(base + path, PHONES[0])
            assert await wrongs(tab, words) == []
            await tab.evaluate(f"h1 = document.querySelector('h1'); {fault}; 0")
            assert [wrong for wrong in await wrongs(tab, words) if seen in wrong] != [], fault
