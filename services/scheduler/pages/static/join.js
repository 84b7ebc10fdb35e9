// Counts down in place and says who has come. It never sends the form: only a person does that.
"use strict";
(() => {
  const countdown = document.getElementById("countdown");
  const hint = document.getElementById("hint");
  const company = document.getElementById("company");
  const at = (name) => Date.parse(countdown.dataset[name]);
  const [opens, starts, closes] = [at("opens"), at("starts"), at("closes")];
  // The service's clock counts, not this device's: only the time since loading is taken here.
  const loaded = performance.now();
  const now = () => at("now") + (performance.now() - loaded);
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang);
  const two = (number) => String(number).padStart(2, "0");

  const coming = (seconds) => {
    const { startsWord, startsIn } = countdown.dataset;
    const days = Math.round(seconds / 86400);
    if (days >= 2) return `${startsWord} ${words.format(days, "day")}`;
    if (seconds >= 2 * 3600) return `${startsWord} ${words.format(Math.round(seconds / 3600), "hour")}`;
    return `${startsIn} ${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  };

  const show = () => {
    const seconds = Math.ceil((starts - now()) / 1000);
    countdown.textContent = seconds > 0 ? coming(seconds) : countdown.dataset.begun;
    if (now() > closes) hint.textContent = hint.dataset.over;
    else if (now() >= opens) hint.textContent = hint.dataset.open;
  };

  // Not reload(): this may be the answer to a pressed button, which only a person presses again.
  const again = () => location.replace(location.pathname);

  // Asks this service, and nobody else, while someone looks and the door is about to open or open.
  const look = async () => {
    if (document.hidden || now() < opens - 60000 || now() > closes) return;
    const answer = await fetch(`${location.pathname}/state`, { cache: "no-store" });
    if (answer.status === 404) return again();
    if (!answer.ok) return;
    const state = await answer.json();
    const moved = Date.parse(state.starts_at) !== starts;
    if (moved || state.door !== countdown.dataset.door) return again();
    company.textContent = state.said;
  };

  show();
  setInterval(show, 1000);
  setInterval(() => look().catch(() => {}), 5000);
})();
