// Counts down in place. It never sends the form: only a person does that.
"use strict";
(() => {
  const countdown = document.getElementById("countdown");
  const hint = document.getElementById("hint");
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

  show();
  setInterval(show, 1000);
})();
