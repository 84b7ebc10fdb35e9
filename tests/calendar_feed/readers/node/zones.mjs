// Prints which of these zones node's own data has otherwise: arguments are ZONE=OFFSET@EPOCH.
function offset(zone, epoch) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric", second: "numeric",
  }).formatToParts(new Date(epoch * 1000));
  const value = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
  const { year, month, day, hour, minute, second } = value;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - epoch;
}

const older = new Set();
for (const told of process.argv.slice(2)) {
  const [zone, rest] = told.split("=");
  const [expected, epoch] = rest.split("@").map(Number);
  if (offset(zone, epoch) !== expected) older.add(zone);
}
process.stdout.write(JSON.stringify([...older]));
