"""What every service's refusals have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

Members = Mapping[str, object]
NOTHING: Members = MappingProxyType({})


class Refusal(Exception):
    """A request was understood and cannot be granted; the docstring is the public title.

    `pointer` names the field at fault (`#/first_date`); `members` are added to the problem
    document (RFC 9457 section 3.2), as plain JSON values; `retry_after` in seconds.
    """

    def __init__(
        self,
        detail: str = "",
        *,
        pointer: str | None = None,
        members: Members = NOTHING,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        self.detail = detail
        self.pointer = pointer
        self.members = members

    @classmethod
    def slug(cls) -> str:
        """The stable name of this kind of refusal: `HourTaken` is `hour-taken`."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", cls.__name__).lower()

    @classmethod
    def title(cls) -> str:
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0]
