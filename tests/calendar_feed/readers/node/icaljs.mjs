// Expands each file named on the command line with ical.js (Mozilla's, MPL-2.0).
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

function told(component, start, end) {
  return [start.toUnixTime(), end.toUnixTime(), component.getFirstPropertyValue("status")];
}

function expanded(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const events = calendar.getAllSubcomponents("vevent");
  const overrides = events.filter((event) => event.hasProperty("recurrence-id"));
  const found = [];
  for (const master of events.filter((event) => !event.hasProperty("recurrence-id"))) {
    const uid = master.getFirstPropertyValue("uid");
    const exceptions = overrides.filter((each) => each.getFirstPropertyValue("uid") === uid);
    const event = new ICAL.Event(master, { exceptions });
    if (!event.isRecurring()) {
      found.push(told(master, event.startDate, event.endDate));
      continue;
    }
    const slots = event.iterator();
    for (let slot = slots.next(); slot; slot = slots.next()) {
      const { item, startDate, endDate } = event.getOccurrenceDetails(slot);
      found.push(told(item.component, startDate, endDate));
    }
  }
  return found;
}

const answer = {};
for (const path of process.argv.slice(2)) answer[path] = expanded(readFileSync(path, "utf8"));
process.stdout.write(JSON.stringify(answer));
