"""A page that is made once for many readers: what differs between them is filled in afterwards.

To make a page and to inline its styles takes a hundred times as long as to fill one in.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

# Of the private use area: no template has them, and what is filled in is not looked at again.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK: Final = re.compile(f"{_OPEN}(-?[0-9]+){_CLOSE}")
LAST: Final = f"{_OPEN}-1{_CLOSE}"  # marks the last of the texts, however many there are
Values = tuple[tuple[str, object], ...]


def marked(values: Mapping[str, object]) -> tuple[Values, list[str]]:
    """Return `values` with a mark in place of each text, and the texts in the order of the marks.

    Values of the same shape give the same: which texts are there, and all that is not text.
    """
    found: list[str] = []
    return tuple((name, _marked(value, found)) for name, value in values.items()), found


class Frame:
    """What a template made of marked values."""

    def __init__(self, made: str) -> None:
        parts = _MARK.split(made)
        self._around, self._places = parts[::2], [int(each) for each in parts[1::2]]

    def filled(self, texts: Sequence[str]) -> str:
        parts = [self._around[0]]
        for place, after in zip(self._places, self._around[1:], strict=True):
            parts += (texts[place], after)
        return "".join(parts)


def in_html(text: str) -> str:
    """Return `text` as it stands in a page, in an attribute too."""
    for character, name in _NAMED:
        text = text.replace(character, name)
    return text


_NAMED: Final = (
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ('"', "&quot;"),
    ("'", "&#39;"),
    ("\N{NO-BREAK SPACE}", "&nbsp;"),
)


def _marked(value: object, found: list[str]) -> object:
    if isinstance(value, str) and value:
        found.append(value)
        return f"{_OPEN}{len(found) - 1}{_CLOSE}"
    if isinstance(value, tuple):
        return tuple(_marked(each, found) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {name: _marked(getattr(value, name), found) for name in _names(type(value))}
        return type(value)(**fields)
    return value


@lru_cache
def _names(of: type[Any]) -> Sequence[str]:
    return tuple(field.name for field in dataclasses.fields(of))
