// Shortcuts, and times in the reader's zone. Everything on a page works without this file.
"use strict";

const STORED = "handrail-keys";
const keysOn = () => localStorage.getItem(STORED) !== "off";
const typing = (at) => at && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName));

function rows() {
  return [...document.querySelectorAll("table.dense tbody tr, .check")].filter((row) => row.offsetParent !== null);
}

function go(by) {
  const all = rows();
  const now = all.findIndex((row) => row.classList.contains("at") || row.contains(document.activeElement));
  const next = all[Math.max(0, Math.min(all.length - 1, now < 0 ? 0 : now + by))];
  all.forEach((row) => row.classList.toggle("at", row === next));
  next?.querySelector("summary, a")?.focus();
}

document.addEventListener("keydown", (event) => {
  const dialog = document.getElementById("keys");
  if (event.ctrlKey || event.metaKey || event.altKey || typing(document.activeElement) || dialog?.open) return;
  if (!keysOn() && event.key !== "?") return;
  if (event.key === "/") (document.getElementById("q") ?? document.getElementById("find"))?.focus();
  else if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "?") dialog?.showModal();
  else return;
  event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  if (!event.target.closest("tr.at")) document.querySelector("tr.at")?.classList.remove("at");
});

function localTimes(within) {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });
  within.querySelectorAll("time[datetime]").forEach((time) => {
    const when = new Date(time.dateTime);
    if (!Number.isNaN(when.valueOf())) time.title = format.format(when);
  });
}

const box = document.getElementById("keys-on");
if (box) {
  box.checked = keysOn();
  box.addEventListener("change", () => localStorage.setItem(STORED, box.checked ? "on" : "off"));
}
document.querySelector(".keys-hint")?.classList.add("known");
localTimes(document);
document.addEventListener("htmx:load", (event) => localTimes(event.target));

// An answer that is an error is shown as what it is, instead of nothing happening.
document.addEventListener("htmx:responseError", (event) => {
  const path = event.detail.pathInfo?.requestPath;
  if (path) window.location.assign(path);
});
