/* Wires up whatever of the components is on the page, and on what htmx puts there later. */
import { announce, words } from "./words.js";
import { startCounters } from "./counter.js";
import { startDialogs } from "./dialog.js";
import { startSteppers } from "./stepper.js";

const LAZY = [
  ["[data-autosave-url]", () => import("./autosave.js").then((m) => m.startAutosave)],
  ["[data-dropzone]", () => import("./dropzone.js").then((m) => m.startDropzones)],
  ["[data-chart]", () => import("./charts.js").then((m) => m.startCharts)],
  ["select[data-search]", () => import("./select.js").then((m) => m.startSelects)],
];

function start(root) {
  startCounters(root);
  startSteppers(root);
  for (const [selector, load] of LAZY) {
    if (root.querySelector(selector) || root.matches?.(selector)) load().then((begin) => begin(root));
  }
}

/* Menus close when the reader turns elsewhere. */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("[data-menu][open]")) if (menu !== except) menu.open = false;
}
document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("[data-menu]"));
  event.target.closest("[data-dismiss]")?.closest("[data-dismissible]")?.remove();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("[data-menu][open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

/* One act, one request: a second click waits for the first answer. The server refuses a replayed key all the same. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

/* The browser words its own file control in its own language; ours speaks the reader's. */
document.addEventListener("change", (event) => {
  const name = document.querySelector(`[data-file-name-of="${CSS.escape(event.target.id || "-")}"]`);
  if (name && event.target.files?.length) name.textContent = event.target.files[0].name;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const area = document.getElementById(button.dataset.copy);
  area.select();
  navigator.clipboard?.writeText(area.value).then(() => { button.lastElementChild.textContent = button.dataset.copied; });
});

/* A disabled button stays reachable, but does nothing. */
document.addEventListener("click", (event) => {
  if (event.target.closest('button[aria-disabled="true"]')) event.preventDefault();
}, true);

document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) start(event.detail.elt); });
document.addEventListener("htmx:responseError", () => announce(words.requestFailed, "error"));
document.addEventListener("htmx:sendError", () => announce(words.requestFailed, "error"));

startDialogs();
start(document.body);
document.querySelector("[data-focus]")?.focus();
