// Keeps what is typed in a form of the guide while it is typed, so that a closed window loses nothing. Without scripts, the form's buttons do.
"use strict";
(() => {
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const told = form.querySelector("[role=status]");
  let waiting = null;
  let changed = false;
  const tell = (text) => {
    if (told.textContent !== text) told.textContent = text;
  };
  const typed = () => new URLSearchParams(new FormData(form));
  const keep = async () => {
    waiting = null;
    changed = false;
    let answer = null;
    try {
      answer = await fetch(form.dataset.keep, { method: "POST", body: typed(), redirect: "error" });
    } catch {
      changed = true;
    }
    tell(answer && answer.ok ? form.dataset.kept : form.dataset.lost);
  };
  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(waiting);
    waiting = setTimeout(keep, 1000);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    changed = false;
  });
  window.addEventListener("pagehide", () => {
    if (changed) navigator.sendBeacon(form.dataset.keep, typed());
  });
})();
