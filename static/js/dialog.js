/* Native dialogs: opened by a button's data-dialog-open, closed by data-dialog-close, Escape, or a click beside them.

   Newer browsers open them by the button's `command` too, while this script is still on its way. */
import { startCounters } from "./counter.js";

function explainDialog() {
  const known = document.getElementById("explain-dialog");
  if (known) return known;
  const dialog = document.createElement("dialog");
  dialog.id = "explain-dialog";
  dialog.className = "dialog dialog-wide";
  document.getElementById("dialogs").append(dialog);
  return dialog;
}

function closer() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-secondary dialog-closer";
  button.dataset.dialogClose = "";
  button.textContent = document.getElementById("js-words").dataset.close;
  return button;
}

/* The explanation's page is shown in a dialog; where that fails the link simply leads there. */
async function explain(link) {
  const answer = await fetch(link.dataset.explain, { headers: { "HX-Request": "true" }, redirect: "error" });
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = page.querySelector("[data-explanation]") ?? page.querySelector(".page-content") ?? page.body;
  const dialog = explainDialog();
  const body = document.createElement("div");
  body.className = "dialog-body";
  body.append(...part.childNodes);
  dialog.replaceChildren(closer(), body);
  dialog.showModal();
}

export function startDialogs() {
  // One that comes back with what is wrong in it.
  for (const dialog of document.querySelectorAll("dialog[open]")) {
    dialog.close();
    dialog.showModal();
  }
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialogOpen);
      if (dialog && !dialog.open) dialog.showModal();
      if (dialog) startCounters(dialog);
    }
    if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog").close();
    if (event.target instanceof HTMLDialogElement && !event.target.querySelector("form")) event.target.close();
    const link = event.target.closest("a[data-explain]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      explain(link).catch(() => { window.location.href = link.href; });
    }
  });
}
