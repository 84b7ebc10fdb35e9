"""HTML from nested calls: whatever is not markup already is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Final


class Markup(str):
    """HTML that may stand on a page as it is."""

    __slots__ = ()


Content = str | Iterable[str]

_CODE: Final = re.compile(r"`([^`]+)`")
_VOID: Final = frozenset({"meta", "link"})


def element(tag: str, /, *inside: Content, **attributes: str) -> Markup:
    """Return `<tag>` around what is inside; `class_` and the like lose their underscore."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
    )
    if tag in _VOID:
        return Markup(f"<{tag}{said}>")
    return Markup(f"<{tag}{said}>{''.join(map(_escaped, inside))}</{tag}>")


def joined(parts: Iterable[str]) -> Markup:
    return Markup("".join(map(_escaped, parts)))


def prose(text: str) -> Markup:
    """Return paragraphs and lists of text in which `code` stands between backquotes."""
    return joined(_block(block) for block in re.split(r"\n\s*\n", text.strip()) if block)


def line(text: str) -> Markup:
    """Return one line of text with its `code` as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", escape(text, quote=False)))


def _block(block: str) -> Markup:
    lines = block.splitlines()
    if all(each.startswith("- ") for each in lines):
        return element("ul", (element("li", line(each[2:])) for each in lines))
    return element("p", line(" ".join(lines)))


def _escaped(content: Content) -> str:
    if isinstance(content, Markup):
        return content
    if isinstance(content, str):
        return escape(content)
    return joined(content)
