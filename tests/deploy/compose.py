"""docker-compose.yml as values: the small part of YAML that it uses, and its ${NAME} words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.architecture.sources import ROOT

FILE: Final = ROOT / "docker-compose.yml"
ANCHOR: Final = re.compile(r"&(\w+)\s*(.*)")
WORD: Final = re.compile(r"\$\{(?P<name>\w+)(?P<how>:-|-|:\?)(?P<rest>[^}]*)\}")


class NotGiven(Exception):
    """A setting that has to be chosen was not; the text is what compose would say."""


@dataclass(slots=True)
class Reader:
    """Lines that are still to be read, each with its indent; anchors as they are met."""

    lines: list[tuple[int, str]]
    anchors: dict[str, Any] = field(default_factory=dict)

    def block(self, outside: int) -> Any:
        """Return the mapping or list that stands further in than `outside`."""
        if not self.lines or self.lines[0][0] <= outside:
            return None
        indent, first = self.lines[0]
        return self.items(indent) if first.startswith("- ") else self.mapping(indent)

    def items(self, indent: int) -> list[Any]:
        found: list[Any] = []
        while self.lines and self.lines[0][0] == indent and self.lines[0][1].startswith("- "):
            text = self.lines[0][1].removeprefix("- ")
            if re.match(r"\w+: ", text):
                self.lines[0] = (indent + 2, text)
                found.append(self.mapping(indent + 2))
            else:
                self.lines.pop(0)
                found.append(scalar(text))
        return found

    def mapping(self, indent: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self.lines and self.lines[0][0] == indent:
            key, _, text = self.lines.pop(0)[1].partition(":")
            value = self.value(text.strip(), indent)
            found = value | found if key == "<<" else found | {key: value}
        return found

    def value(self, text: str, indent: int) -> Any:
        if anchor := ANCHOR.fullmatch(text):
            self.anchors[anchor[1]] = self.value(anchor[2], indent)
            return self.anchors[anchor[1]]
        if text.startswith("*"):
            return self.anchors[text[1:]]
        return scalar(text) if text else self.block(indent)


def scalar(text: str) -> Any:
    plain = {"true": True, "false": False, "{}": {}}
    return plain[text] if text in plain else text.strip('"')


def read_compose() -> dict[str, Any]:
    lines = [
        (len(line) - len(line.lstrip()), line.strip())
        for line in FILE.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.strip().startswith("#")
    ]
    return Reader(lines).mapping(0)


def filled_in(text: str, given: Mapping[str, str]) -> str:
    """Return `text` with each ${NAME} as compose would fill it in."""

    def word(found: re.Match[str]) -> str:
        value = given.get(found["name"])
        match found["how"]:
            case "-":
                return found["rest"] if value is None else value
            case ":-":
                return value or found["rest"]
            case _ if not value:
                raise NotGiven(found["rest"])
        return value

    return WORD.sub(word, text)
