"""`python -m tests.calendar_feed.readers 1000`: so many diaries, each form, every engine."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from services.calendar_feed.domain.feeds import Form
from services.calendar_feed.store import MIGRATIONS
from shared.store.database import Database
from shared.store.migrations import upgrade
from tests.calendar_feed.readers.comparing import differences, write_all
from tests.calendar_feed.readers.engines import Missing
from tests.calendar_feed.readers.programs import EVERY

FORMS = (Form.INSTANCES, Form.SERIES)


async def main(count: int) -> int:
    """Return 0 if no engine finds an hour otherwise; print what each found."""
    wrong = 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        database = Database.at(f"sqlite:///{folder / 'feeds.db'}")
        await upgrade(database, MIGRATIONS)
        written = [each async for each in write_all(database, count, FORMS, folder)]
        await database.close()
        for name in EVERY:
            try:
                found = differences(written, name)
            except Missing as what:
                _say(f"{name}: left out, since it needs {what}")
                continue
            wrong += sum(differ for differ, _ in found.values())
            told = (f"{form}: {found[form][0]} of {found[form][1]} differ" for form in FORMS)
            _say(f"{name}: {', '.join(told)}")
    return 1 if wrong else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)))
