"""Those who are written to: one client and their guardians, as told from one change to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from shared.events.data import ClientSaved, Guardian, MailWishes, QuietHours
from tests.notifier.diary import DAY, WEEK
from tests.notifier.simulation.happenings import Happening

REFUSED: Final = "refused."  # how an address begins that the provider does not take
NIGHT: Final = QuietHours(begin="21:00", end="09:00")


Change = tuple[datetime, str, dict[str, object]]


@dataclass
class Client:
    """One client; each change is told as the whole of what is known then."""

    saved: ClientSaved

    @property
    def id(self) -> UUID:
        return self.saved.client_id

    def changed(self, changes: Iterable[Change]) -> Iterator[Happening]:
        """Change all this in the order of time."""
        for at, name, what in sorted(changes, key=lambda change: change[0]):
            update = {"revision": self.saved.revision + 1, **what}
            self.saved = self.saved.model_copy(update=update)
            yield Happening(at=at, name=name, fact=self.saved)

    def wishes(self, begins: datetime) -> Iterator[Change]:
        """How they want it changes, and changes again; in the end they want no reminders."""
        always = self.saved.mail.opted_out
        minutes = (2880, 120, 20)
        for week, name, wishes in (
            (2, "other offsets", MailWishes(reminder_minutes=minutes)),
            (4, "quiet hours", MailWishes(reminder_minutes=minutes, quiet_hours=NIGHT)),
            (6, "opted out of another kind", MailWishes(quiet_hours=NIGHT, opted_out=("moved",))),
            (8, "opted in again", MailWishes(quiet_hours=NIGHT)),
            (10, "no quiet hours", MailWishes()),
            (13, "opted out", MailWishes(opted_out=("reminder",))),
        ):
            mail = wishes.model_copy(update={"opted_out": (*wishes.opted_out, *always)})
            yield begins + week * WEEK + 2 * DAY, name, {"mail": mail}

    def levels(self, begins: datetime) -> Iterator[Change]:
        """What the first guardian hears changes; in the end there is only the second one."""
        first, *others = self.saved.guardians
        for week, level in ((3, "times"), (5, "copies"), (9, "none"), (11, "copies")):
            now = first.model_copy(update={"notices": level})
            at = begins + week * WEEK + DAY
            yield at, "guardian's level changed", {"guardians": (now, *others)}
        yield begins + 12 * WEEK + DAY, "guardian withdrawn", {"guardians": tuple(others)}

    def addresses(self, begins: datetime) -> Iterator[Change]:
        """Their address becomes one that takes no mail, is corrected, and changes once more."""
        good = self.saved.email
        for week, name, email in (
            (2, "address mistyped", REFUSED + good),
            (4, "address corrected", good),
            (7, "address changed", "new." + good),
        ):
            yield begins + week * WEEK + 2 * DAY, name, {"email": email}


def entered(
    id: UUID, zone: str, locale: str, *levels: Literal["times", "copies"], opted_out: Sequence[str]
) -> Client:
    """Return a client with a guardian for each of `levels`."""
    guardians = tuple(
        Guardian(
            guardian_id=UUID(int=id.int + 1 + number),
            name="Canary Pérez",
            email=f"{number}.{id}@guardians.example",
            notices=level,
            link_generation=0,
            timezone="Europe/Madrid",
            locale="es",
        )
        for number, level in enumerate(levels)
    )
    return Client(
        ClientSaved(
            client_id=id,
            revision=1,
            name="Canary Pérez",
            email=f"{id}@clients.example",
            timezone=zone,
            locale=locale,
            link_generation=0,
            guardians=guardians,
            mail=MailWishes(opted_out=tuple(opted_out)),
        )
    )
