// Takes the undo button away once its time is over, and copies an address when asked to.
// It never sends a form: only a person does.
"use strict";
(() => {
  const form = document.querySelector("form[data-until]");
  if (!form) return;
  const { until, now } = form.dataset;
  // The service's clock counts, not this device's: only the time since loading is taken here.
  const left = Date.parse(until) - Date.parse(now) - performance.now();
  setTimeout(() => {
    form.hidden = true;
    form.nextElementSibling.hidden = false;
  }, Math.max(left, 0));
})();
(() => {
  const button = document.querySelector("button[data-copies]");
  if (!button || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    button.textContent = button.dataset.done;
  });
})();
