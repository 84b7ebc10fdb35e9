"""A real Thunderbird subscribes to a feed: what its calendar shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.calendar_feed.readers.engines import Hours
from tests.calendar_feed.readers.marionette import thunderbird_asked
from tests.calendar_feed.readers.serving import served

SCRIPT: Final = """
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const [urls, done] = arguments;
const from = cal.createDateTime("20000101T000000Z"), to = cal.createDateTime("21000101T000000Z");
const ask = Ci.calICalendar;
const filter = ask.ITEM_FILTER_TYPE_EVENT | ask.ITEM_FILTER_CLASS_OCCURRENCES;
function shown(calendar) {
  return new Promise((resolve, reject) => {
    calendar.addObserver({
      QueryInterface: ChromeUtils.generateQI(["calIObserver"]),
      onStartBatch() {}, onEndBatch() {}, onAddItem() {}, onModifyItem() {}, onDeleteItem() {},
      onPropertyChanged() {}, onPropertyDeleting() {},
      onError(_calendar, number, message) { reject(new Error(`${number} ${message}`)); },
      async onLoad() {
        const items = await calendar.getItemsAsArray(filter, 0, from, to);
        resolve(items.map(each =>
          [each.startDate.nativeTime / 1e6, each.endDate.nativeTime / 1e6, each.status]));
      },
    });
    calendar.refresh();
  });
}
(async () => {
  const found = {};
  for (const url of urls) {
    const calendar = cal.manager.createCalendar("ics", Services.io.newURI(url));
    calendar.name = url;
    cal.manager.registerCalendar(calendar);
    found[url] = await shown(calendar);
    cal.manager.unregisterCalendar(calendar);
  }
  return found;
})().then(found => done({ found }), error => done({ error: String(error) }));
"""


def thunderbird(files: Sequence[Path]) -> Mapping[Path, Hours]:
    """Thunderbird, subscribed over HTTP; what its calendar answers with every occurrence."""
    with served(files) as urls:
        found = subscribed(list(urls.values()))
    return {file: found[url] for file, url in urls.items()}


def subscribed(urls: Sequence[str]) -> Mapping[str, Hours]:
    """Return what Thunderbird shows of the calendars at these addresses."""
    with thunderbird_asked() as ask:
        answer = ask(SCRIPT, list(urls))
    return {
        url: Counter((int(one), int(two), word) for one, two, word in answer[url]) for url in urls
    }
