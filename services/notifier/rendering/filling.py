"""A page that is made once for many readers: what differs between them is filled in afterwards.

To make a page and to inline its styles takes a hundred times as long as to fill one in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, Final, NamedTuple

# Of the private use area: no template has them, and what is filled in is not looked at again.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK: Final = re.compile(f"{_OPEN}(-?[0-9]+){_CLOSE}")
LAST: Final = f"{_OPEN}-1{_CLOSE}"  # marks the last of the texts, however many there are
Shape = tuple[tuple[str, object], ...]


class _Record(NamedTuple):
    """The shape of a dataclass: which one, and the shapes of its fields in their order."""

    of: type[Any]
    fields: tuple[object, ...]


def taken_apart(values: Mapping[str, object]) -> tuple[Shape, list[str]]:
    """Return the shape of `values`, which is all of them but their texts, and these in order.

    In a shape `str` stands for each text.
    """
    found: list[str] = []
    return tuple([(name, _shape(value, found)) for name, value in values.items()]), found


def marked(shape: Shape) -> dict[str, Any]:
    """Return values of this shape with a mark for each text, which says its place among them."""
    places = count()
    return {name: _marked(each, places) for name, each in shape}


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


def _shape(value: object, found: list[str]) -> object:
    if not value:
        return value
    if isinstance(value, str):
        found.append(value)
        return str
    if isinstance(value, tuple):
        return tuple([_shape(each, found) for each in value])
    names = getattr(value, "__dataclass_fields__", None)
    if names is None:
        return value
    return _Record(type(value), tuple([_shape(getattr(value, name), found) for name in names]))


def _marked(shape: object, places: Iterator[int]) -> object:
    if shape is str:
        return f"{_OPEN}{next(places)}{_CLOSE}"
    if isinstance(shape, _Record):
        named = zip(shape.of.__dataclass_fields__, shape.fields, strict=True)
        return shape.of(**{name: _marked(each, places) for name, each in named})
    if isinstance(shape, tuple):
        return tuple(_marked(each, places) for each in shape)
    return shape
