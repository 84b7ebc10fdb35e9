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

  const left = (seconds) => {
    if (seconds >= 2 * 86400) return words.format(Math.floor(seconds / 86400), "day");
    if (seconds >= 2 * 3600) return words.format(Math.floor(seconds / 3600), "hour");
    const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
    return `${two(minutes)}:${two(rest)}`;
  };

  const show = () => {
    const seconds = Math.ceil((starts - now()) / 1000);
    countdown.textContent = seconds > 0
      ? `${countdown.dataset.startsWord} ${left(seconds)}`
      : countdown.dataset.begun;
    if (now() > closes) hint.textContent = hint.dataset.over;
    else if (now() >= opens) hint.textContent = hint.dataset.open;
  };

  show();
  setInterval(show, 1000);
})();
