"""Every kind of mail as a real browser shows it: `python -m tests.notifier.screenshots FOLDER`.

It takes a picture of each kind, in each language and detail, light and dark, on a phone and on
a desk, and says what does not fit, cannot be read or cannot be pressed. It needs Chromium.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import product
from pathlib import Path
from typing import Final

import structlog

from services.notifier.domain.states import Kind
from services.notifier.pages.previews import DETAILS, LANGUAGES
from services.notifier.rendering.render import Rendered, render
from services.notifier.rendering.samples import sample
from shared.clock import HeldClock
from tests.conftest import NOW
from tests.notifier.api.running import running, settings
from tests.notifier.chromium import Screen, Tab, chromium

ELSEWHERE: Final = "America/Los_Angeles"  # so that each time stands there on both clocks
SCREENS: Final = tuple(
    Screen(name=f"{name}-{scheme}", width=width, scheme=scheme)
    for (name, width), scheme in product((("phone", 320), ("desk", 1280)), ("light", "dark"))
)
LEAST_CONTRAST: Final = 4.5  # WCAG 2.2, 1.4.3
LEAST_BUTTON: Final = 24  # WCAG 2.2, 2.5.8
SEEN: Final = """
(() => {
  const wide = document.documentElement.clientWidth;
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const colour = rgb(getComputedStyle(each).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const contrast = element => {
    const [a, b] = [rgb(getComputedStyle(element).color), behind(element)].map(light);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const inside = box => box.left >= 0 && box.right <= wide && box.width > 0 && box.height > 0;
  const shown = [...document.body.querySelectorAll("*")].filter(each =>
    [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
  return {
    overflow: document.documentElement.scrollWidth - wide,
    outside: shown.filter(each => !inside(each.getBoundingClientRect()))
      .map(each => each.textContent.trim()),
    faint: shown.filter(each => contrast(each) < LEAST)
      .map(each => `${contrast(each).toFixed(1)} ${each.textContent.trim()}`),
    links: [...document.links].filter(each => inside(each.getBoundingClientRect()))
      .map(each => each.href),
    buttons: [...document.querySelectorAll("a.join")].map(each =>
      each.getBoundingClientRect().height),
    text: document.body.innerText,
  };
})()
""".replace("LEAST", str(LEAST_CONTRAST))


async def shown(
    tab: Tab, base: str, *, details: Sequence[str] = DETAILS, screens: Sequence[Screen] = SCREENS
) -> AsyncIterator[tuple[str, list[str]]]:
    """Show each mail on each screen; yield its name, and what is wrong with it."""
    for kind, language, detail, screen in product(Kind, LANGUAGES, details, screens):
        path = f"/previews/{kind}/{language}/{detail}/html?zone={ELSEWHERE}"
        await tab.show(base + path, screen)
        named = detail == "standard"
        words = render(sample(kind, locale=language, timezone=ELSEWHERE, named=named))
        yield f"{kind}-{language}-{detail}-{screen.name}", await wrongs(tab, words)


async def wrongs(tab: Tab, words: Rendered) -> list[str]:
    """Return what a reader of the page that is shown would miss of what the text part says."""
    seen = await tab.evaluate(SEEN)
    said, addresses = _said(seen["text"]), re.findall(r"https?://\S+", words.text)
    lines = [line for line in words.text.splitlines() if "://" not in line]
    return [
        *([f"{seen['overflow']} pixels too wide"] if seen["overflow"] > 0 else []),
        *(f"outside: {text}" for text in seen["outside"]),
        *(f"faint: {text}" for text in seen["faint"]),
        *(f"no link: {each}" for each in addresses if each not in seen["links"]),
        *(f"not said: {line}" for line in lines if _said(line) not in said),
        *(f"a button of {high} pixels" for high in seen["buttons"] if high < LEAST_BUTTON),
    ]


def _said(text: str) -> str:
    """Return the words; what stands in brackets in a text is a line of its own on a page."""
    return " ".join(re.sub("[()]", " ", text).casefold().split())


@asynccontextmanager
async def previews() -> AsyncIterator[str]:
    """Serve the previews; yield where they are."""
    with tempfile.TemporaryDirectory() as place:
        held = settings(f"sqlite:///{Path(place) / 'n.db'}", Path(place) / "mail")
        async with running(held, HeldClock(NOW)) as notifier:
            yield str(notifier.make_url("")).rstrip("/")


async def main(folder: Path) -> int:
    count, found = 0, 0
    async with previews() as base, chromium() as tab:
        async for name, wrong in shown(tab, base):
            (folder / f"{name}.png").write_bytes(await tab.picture())
            count, found = count + 1, found + len(wrong)
            sys.stdout.writelines(f"{name}: {each}\n" for each in wrong)
    sys.stdout.write(f"{count} pictures in {folder}, {found} things wrong\n")
    return 1 if found else 0


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    pictures_in = Path(sys.argv[1])
    pictures_in.mkdir(parents=True, exist_ok=True)
    sys.exit(asyncio.run(main(pictures_in)))
