/* Sends dropped, chosen or photographed files one by one, with progress, and says per file what went wrong.

   The address answers 2xx with {"name", "url", "size", "remove_url"?} or 4xx with {"error"}. */
import { csrfToken, words } from "./words.js";

const sizeText = (bytes) =>
  bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

function accepted(file, accept) {
  const rules = accept.split(",").map((rule) => rule.trim().toLowerCase()).filter(Boolean);
  if (!rules.length) return true;
  const name = file.name.toLowerCase();
  return rules.some((rule) =>
    rule.startsWith(".") ? name.endsWith(rule) : rule.endsWith("/*") ? file.type.startsWith(rule.slice(0, -1)) : file.type === rule);
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${new URL("../vendor/icons.svg", import.meta.url).pathname}#${name}`);
  svg.append(use);
  return svg;
}

function row(zone, file) {
  const item = document.createElement("li");
  item.className = "file";
  const name = document.createElement("span");
  name.className = "file-name";
  name.textContent = file.name;
  const note = document.createElement("span");
  note.className = "file-note";
  item.append(icon("file"), name, note);
  zone.querySelector(".files-list").append(item);
  return { item, name, note };
}

function fail(parts, text, retry) {
  parts.item.classList.add("file-faulty");
  parts.item.querySelector(".icon").replaceWith(icon("alert-circle"));
  parts.item.querySelector("progress")?.remove();
  parts.note.textContent = text;
  if (!retry) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "saved-retry";
  button.textContent = words.retry;
  button.addEventListener("click", () => { parts.item.remove(); retry(); });
  parts.item.append(button);
}

function arrived(parts, answer) {
  parts.item.querySelector("progress")?.remove();
  parts.item.querySelector(".icon").replaceWith(icon("file-check"));
  parts.note.textContent = `${sizeText(answer.size)} · ${words.uploaded}`;
  if (answer.url) {
    const link = document.createElement("a");
    link.className = "file-name";
    link.href = answer.url;
    link.textContent = answer.name;
    parts.name.replaceWith(link);
  }
  if (answer.remove_url) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "file-remove";
    button.dataset.remove = answer.remove_url;
    button.title = words.remove;
    button.setAttribute("aria-label", `${words.remove} ${answer.name}`);
    button.append(icon("trash"));
    parts.item.append(button);
  }
}

function send(zone, file) {
  const parts = row(zone, file);
  if (file.size > Number(zone.dataset.maxBytes)) return fail(parts, words.tooLarge);
  if (!accepted(file, zone.dataset.accept)) return fail(parts, words.wrongType);
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", words.uploading);
  parts.note.textContent = `${sizeText(file.size)} · ${words.uploading}`;
  parts.item.append(bar);
  const request = new XMLHttpRequest();
  request.open("POST", zone.dataset.url);
  request.setRequestHeader("X-CSRFToken", csrfToken());
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
  request.addEventListener("load", () => {
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { /* Not our answer: a proxy or a sign-in page. */ }
    if (request.status >= 200 && request.status < 300 && answer.name) {
      arrived(parts, answer);
      zone.dispatchEvent(new CustomEvent("filearrived", { bubbles: true, detail: answer }));
    } else fail(parts, answer.error ?? words.uploadFailed, answer.error ? null : () => send(zone, file));
  });
  request.addEventListener("error", () => fail(parts, words.uploadFailed, () => send(zone, file)));
  const form = new FormData();
  form.append(zone.dataset.name, file);
  request.send(form);
}

/* Without an address of its own the files travel with the form: they are only shown and checked here. */
function show(zone, input) {
  zone.querySelector(".files-list").replaceChildren();
  for (const file of input.files) {
    const parts = row(zone, file);
    if (file.size > Number(zone.dataset.maxBytes)) fail(parts, words.tooLarge);
    else if (!accepted(file, zone.dataset.accept)) fail(parts, words.wrongType);
    else parts.note.textContent = sizeText(file.size);
  }
}

async function remove(button) {
  const answer = await fetch(button.dataset.remove, { method: "POST", headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" } });
  if (answer.ok) button.closest(".file").remove();
}

export function startDropzones(root) {
  const zones = root.matches?.("[data-dropzone]") ? [root] : root.querySelectorAll("[data-dropzone]");
  for (const zone of zones) {
    if (zone.classList.contains("is-live")) continue;
    zone.classList.add("is-live");
    const input = zone.querySelector(".files-input");
    const take = (files) => [...files].forEach((file) => send(zone, file));
    zone.querySelector("[data-pick]").addEventListener("click", () => input.click());
    for (const source of zone.querySelectorAll("input[type=file]")) {
      source.addEventListener("change", () => {
        if (!zone.dataset.url) { show(zone, source); return; }
        take(source.files);
        source.value = "";
      });
    }
    zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("is-over"); });
    zone.addEventListener("dragleave", (event) => { if (!zone.contains(event.relatedTarget)) zone.classList.remove("is-over"); });
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("is-over");
      if (zone.dataset.url) take(event.dataTransfer.files);
      else { input.files = event.dataTransfer.files; show(zone, input); }
    });
    zone.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove]");
      if (button) remove(button);
    });
  }
}
