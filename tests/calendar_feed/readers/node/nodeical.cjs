// Expands each file named on the command line with node-ical (Apache-2.0).
const { readFileSync } = require("node:fs");
const ical = require("node-ical");

const FROM = new Date("2000-01-01T00:00:00Z");
const TO = new Date("2100-01-01T00:00:00Z");

function expanded(text) {
  const found = [];
  for (const event of Object.values(ical.sync.parseICS(text))) {
    if (event.type !== "VEVENT") continue;
    for (const each of ical.expandRecurringEvent(event, { from: FROM, to: TO })) {
      found.push([each.start.getTime() / 1000, each.end.getTime() / 1000, each.event.status]);
    }
  }
  return found;
}

const answer = {};
for (const path of process.argv.slice(2)) answer[path] = expanded(readFileSync(path, "utf8"));
process.stdout.write(JSON.stringify(answer));
