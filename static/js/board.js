/* The calibration board: cards go between grades by drag or by keys; a change asks for its reasons first. */
import { startCounters } from "./counter.js";
import { csrfToken, words } from "./words.js";

const board = document.querySelector("[data-board]");
const status = document.getElementById("board-said");
const dialog = document.getElementById("change");
const drawer = document.getElementById("drawer");
let asked = null;

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const say = (text) => { status.textContent = text; };
const columns = () => [...board.querySelectorAll("[data-column]")];
const columnOf = (card) => card.closest("[data-column]");
const cardsOf = (column) => column.querySelector("[data-cards]");
const chosen = (card) => columnOf(card).dataset.column;
const facts = (card) => ({ name: card.dataset.name, before: card.dataset.grade, after: chosen(card) });
const takes = (card, grade) => card.dataset.grades.split(" ").includes(grade);
const isFixed = (card) => "fixed" in card.dataset;

/* Tab goes from column to column; within one the arrows do. */
function rove(column, card) {
  const all = [...cardsOf(column).children];
  const stop = card ?? all.find((one) => one.tabIndex === 0) ?? all[0];
  for (const one of all) {
    one.tabIndex = one === stop ? 0 : -1;
    one.querySelector("[data-drawer]").tabIndex = -1;
  }
}

function place(card, grade) {
  const from = columnOf(card);
  const to = columns().find((column) => column.dataset.column === grade);
  if (to !== from) cardsOf(to).prepend(card);
  card.classList.toggle("is-proposed", grade !== card.dataset.grade);
  rove(from);
  rove(to, card);
}

function putBack(card) {
  const wasAway = chosen(card) !== card.dataset.grade;
  place(card, card.dataset.grade);
  if (wasAway) say(filled(board.dataset.returned, facts(card)));
}

async function send(card, body) {
  body.set("seen", card.dataset.seen);
  body.set("on_unit", board.dataset.unit);
  const answer = await fetch(card.dataset.decide, {
    method: "POST",
    body,
    redirect: "manual",
    headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
  }).catch(() => null);
  if (!answer || answer.type === "opaqueredirect") throw new Error(words.requestFailed);
  const said = await answer.json().catch(() => ({ reason: words.requestFailed }));
  if (!answer.ok) throw new Error([said.reason, said.remedy].filter(Boolean).join(" "));
  return said;
}

function show(card, said) {
  const template = document.createElement("template");
  template.innerHTML = said.card.trim();
  const fresh = template.content.firstElementChild;
  const column = columnOf(card);
  card.replaceWith(fresh);
  place(fresh, fresh.dataset.grade);
  rove(column);
  for (const { grade, count, words: text, over } of said.columns) {
    const place_ = columns().find((one) => one.dataset.column === grade);
    if (!place_) continue;
    place_.querySelector("[data-count]").textContent = count;
    const line = place_.querySelector("[data-words]");
    line.textContent = text;
    line.classList.toggle("is-over", over > 0);
  }
  document.getElementById("session-acts").innerHTML = said.acts;
  document.querySelector("[data-left]").textContent = said.left;
  say(said.said);
  fresh.focus();
}

async function keep(card, grade) {
  const body = new URLSearchParams({ grade });
  card.setAttribute("aria-busy", "true");
  try {
    show(card, await send(card, body));
  } catch (error) {
    card.removeAttribute("aria-busy");
    putBack(card);
    trouble(error.message);
  }
}

function trouble(text) {
  say(text);
  const box = document.createElement("div");
  box.className = "notice notice-error";
  box.textContent = text;
  document.getElementById("messages")?.replaceChildren(box);
}

/* The manager's own grade needs no reason, any other does. */
function settle(card) {
  const { before, after } = facts(card);
  if (before === after && card.dataset.decided) say(filled(board.dataset.already, facts(card)));
  else if (after === card.dataset.review) keep(card, after);
  else ask(card);
}

function ask(card) {
  const form = dialog.querySelector("form");
  asked = card;
  form.reset();
  form.elements.grade.value = chosen(card);
  const title = dialog.querySelector("[data-title]");
  title.textContent = filled(title.dataset.title, { ...facts(card), before: card.dataset.review });
  dialog.querySelector("[data-error]").hidden = true;
  dialog.showModal();
  startCounters(dialog);
  form.elements.reason.focus();
}

async function change(form) {
  const card = asked;
  const button = form.querySelector("[type=submit]");
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    const said = await send(card, new URLSearchParams(new FormData(form)));
    asked = null;
    dialog.close();
    show(card, said);
  } catch (error) {
    const line = dialog.querySelector("[data-error]");
    line.textContent = error.message;
    line.hidden = false;
  } finally {
    button.removeAttribute("aria-busy");
    button.disabled = false;
  }
}

function choose(card, step) {
  const all = columns();
  let at = all.indexOf(columnOf(card)) + step;
  while (all[at] && !takes(card, all[at].dataset.column)) at += step;
  if (!all[at]) return;
  place(card, all[at].dataset.column);
  card.focus();
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  const { before, after } = facts(card);
  say(filled(before === after ? board.dataset.returned : board.dataset.chosen, facts(card)));
}

function walk(card, next) {
  if (!next) return;
  rove(columnOf(card), next);
  next.focus();
}

async function open(link) {
  const answer = await fetch(link.href, { redirect: "error" });
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  drawer.querySelector("[data-drawer-body]").replaceChildren(...page.querySelector("[data-person]").childNodes);
  drawer.showModal();
}
const openDrawer = (link) => open(link).catch(() => { window.location.href = link.href; });

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };
const onFixed = (card) => say(card.dataset.fixed || board.dataset.closed);
const KEYS = {
  ArrowLeft: (card) => (isFixed(card) ? onFixed(card) : choose(card, STEPS.ArrowLeft)),
  ArrowRight: (card) => (isFixed(card) ? onFixed(card) : choose(card, STEPS.ArrowRight)),
  ArrowUp: (card) => walk(card, card.previousElementSibling),
  ArrowDown: (card) => walk(card, card.nextElementSibling),
  Enter: (card) => (isFixed(card) ? onFixed(card) : settle(card)),
  Escape: (card) => { putBack(card); card.focus(); },
  " ": (card) => openDrawer(card.querySelector("[data-drawer]")),
};

function start() {
  for (const column of columns()) rove(column);
  board.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-card]") || !KEYS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    KEYS[event.key](event.target);
  });
  board.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-card]")) rove(columnOf(event.target), event.target);
  });
  board.addEventListener("click", (event) => {
    const card = event.target.closest("[data-card]");
    if (event.target.closest("[data-confirm]")) { settle(card); return; }
    const link = event.target.closest("[data-drawer]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openDrawer(link);
  });
  dialog?.addEventListener("close", () => {
    if (!asked) return;
    const card = asked;
    asked = null;
    putBack(card);
    card.focus();
  });
  dialog?.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    change(event.target);
  });
  if (dialog) startDragging();
}

function startDragging() {
  for (const list of board.querySelectorAll("[data-cards]")) {
    new window.Sortable(list, {
      group: "grades",
      sort: false,
      filter: "[data-fixed]",
      preventOnFilter: false,
      delay: 180,
      delayOnTouchOnly: true,
      animation: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      onMove: (event) => takes(event.dragged, event.to.closest("[data-column]").dataset.column),
      onEnd: ({ item, from, to }) => {
        if (from === to) return;
        place(item, chosen(item));
        settle(item);
      },
    });
  }
}

if (board) start();
