/* The editor of a scheme: from a finding to its line, and the tabulator key as two blanks. */
const area = document.querySelector("[data-editor] textarea");

function goTo(line) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  const height = Number.parseFloat(getComputedStyle(area).lineHeight) || 20;
  area.scrollTop = Math.max(0, (line - 4) * height);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-line]");
  if (button && area) goTo(Number(button.dataset.line));
});

let typed = false;
area?.addEventListener("input", () => { typed = true; });
area?.form.addEventListener("submit", () => { typed = false; });
window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });

const rows = [...document.querySelectorAll("[data-weighed]")];
const weightOf = (row) => Number((row.querySelector("input")?.value ?? row.dataset.weight).replaceAll(",", "")) || 0;
const depthOf = (row) => Number(row.dataset.depth);

/* What stands directly below a group, or at the top. */
function below(group) {
  if (!group) return rows.filter((row) => depthOf(row) === 0);
  const after = rows.slice(rows.indexOf(group) + 1);
  const end = after.findIndex((row) => depthOf(row) <= depthOf(group));
  return after.slice(0, end < 0 ? after.length : end).filter((row) => depthOf(row) === depthOf(group) + 1);
}

function showSums() {
  for (const output of document.querySelectorAll("[data-sum]")) {
    const sum = below(output.closest("[data-weighed]")).reduce((total, row) => total + weightOf(row), 0);
    output.textContent = `${output.dataset.words} ${Number(sum.toFixed(4))}`;
  }
}

if (rows.length) {
  showSums();
  document.addEventListener("input", showSums);
}

/* Another kind of rule has other fields: they are drawn as soon as it is chosen. */
document.addEventListener("change", (event) => {
  const chooser = event.target.closest("[data-redraws]");
  if (chooser && event.target.matches("select")) chooser.querySelector("button")?.click();
});
