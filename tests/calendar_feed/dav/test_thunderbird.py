"""A real Thunderbird finds a feed over CalDAV, takes it as read only, and shows each change."""

from __future__ import annotations

import asyncio
import shutil
from typing import Any, Final

import pytest

from tests.calendar_feed.api.running import Client, tell_directly
from tests.calendar_feed.dav.asking import token_of
from tests.calendar_feed.dav.test_syncing import booked
from tests.calendar_feed.diary import WEEKS, cancelled, moved, session_id
from tests.calendar_feed.readers.marionette import thunderbird_asked
from tests.calendar_feed.store.test_changes import handed_over

SCRIPT: Final = """
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const given = Array.from(arguments), done = given.pop();
const ask = Ci.calICalendar;
const filter = ask.ITEM_FILTER_TYPE_EVENT | ask.ITEM_FILTER_CLASS_OCCURRENCES;
const from = cal.createDateTime("20000101T000000Z"), to = cal.createDateTime("21000101T000000Z");
async function found(user, password, url) {
  const all = await cal.provider.detection.detect(user, password, url, false, [], {});
  for (const [provider, calendars] of all)
    if (provider.type == "caldav")
      return calendars.map(each => [each.name, each.uri.pathQueryRef, each.readOnly]);
  return [];
}
function shown(url) {
  if (!cal.manager.getCalendars().some(each => each.uri.spec == url)) {
    const made = cal.manager.createCalendar("caldav", Services.io.newURI(url));
    made.setProperty("cache.enabled", true);
    cal.manager.registerCalendar(made);
  }
  const calendar = cal.manager.getCalendars().find(each => each.uri.spec == url);
  return new Promise((resolve, reject) => {
    const watch = {
      QueryInterface: ChromeUtils.generateQI(["calIObserver"]),
      onStartBatch() {}, onEndBatch() {}, onAddItem() {}, onModifyItem() {}, onDeleteItem() {},
      onPropertyChanged() {}, onPropertyDeleting() {},
      onError(_calendar, number, message) { reject(new Error(`${number} ${message}`)); },
      async onLoad() {
        calendar.removeObserver(watch);
        const items = await calendar.getItemsAsArray(filter, 0, from, to);
        resolve(items.map(each => [each.id, each.startDate.icalString, each.status]));
      },
    };
    calendar.addObserver(watch);
    calendar.refresh();
  });
}
({ found, shown })[given.shift()](...given)
  .then(found => done({ found }), error => done({ error: String(error) }));
"""
HERE: Final = shutil.which("thunderbird")


@pytest.mark.skipif(HERE is None, reason="Thunderbird is not on this machine")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_thunderbird_finds_it_and_shows_each_change(
    client: Client, feed: dict[str, Any], path: str
) -> None:
    root, url = str(client.make_url("/dav/")), str(client.make_url(path))
    with thunderbird_asked() as wait:

        async def ask(*words: str) -> Any:
            return await asyncio.to_thread(wait, SCRIPT, *words)

        assert await ask("found", "", "", url) == [["Tuesdays & more", path, True]]
        by_password = await ask("found", "anyone", token_of(feed), root)
        assert by_password == [["Tuesdays & more", "/dav/calendar/", True]]
        before = {each[0]: each for each in await ask("shown", url)}
        await tell_directly(client, moved(1), cancelled(2), handed_over(3), booked(WEEKS))
        after = {each[0]: each for each in await ask("shown", url)}
    assert set(before) == {str(session_id(number)) for number in range(WEEKS)}
    assert before.keys() - after.keys() == {str(session_id(3))}
    changed = {id for id, shown in after.items() if before.get(id) != shown}
    assert changed == {str(session_id(number)) for number in (1, 2, WEEKS)}
    assert after[str(session_id(2))][2] == "CANCELLED"
