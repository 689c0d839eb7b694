/* Counts characters as a reader does: a Chinese character is one, an emoji is one. */
import { words } from "./words.js";

const segmenter = "Segmenter" in Intl ? new Intl.Segmenter() : null;
const countOf = (text) => (segmenter ? Array.from(segmenter.segment(text)).length : Array.from(text).length);
const line = (number, phrase) =>
  document.documentElement.lang === "en" ? `${number} ${phrase}` : `${phrase} ${number}`;

function show(counter, area) {
  const most = Number(counter.dataset.most);
  const least = Number(counter.dataset.least || 0);
  const count = countOf(area.value);
  const left = most - count;
  counter.classList.toggle("counter-over", left < 0);
  if (left < 0) counter.textContent = line(-left, words.charactersOver);
  else if (count && count < least) counter.textContent = line(least - count, words.charactersShort);
  else counter.textContent = `${count} / ${most}`;
}

export function startCounters(root) {
  for (const counter of root.querySelectorAll("[data-counter-of]")) {
    const area = document.getElementById(counter.dataset.counterOf);
    if (!area || counter.dataset.live) continue;
    counter.dataset.live = "yes";
    area.addEventListener("input", () => show(counter, area));
    show(counter, area);
  }
}
