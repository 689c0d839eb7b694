/* Interviews and appeals: rows that come and go, the minutes as they are typed, and text kept until it is sent. */
import { entriesOf, forget, keep, kept, putBack } from "./drafts.js";

function addRow(rows) {
  const total = rows.closest("form").elements[`${rows.dataset.rows}-TOTAL_FORMS`];
  const row = rows.querySelector("template").content.firstElementChild.cloneNode(true);
  row.innerHTML = row.innerHTML.replaceAll("__prefix__", total.value);
  total.value = Number(total.value) + 1;
  rows.querySelector("[data-rows-add]").before(row);
  return row;
}

for (const rows of document.querySelectorAll("[data-rows]")) {
  rows.addEventListener("click", (event) => {
    if (event.target.closest("[data-rows-add]")) addRow(rows).querySelector("input").focus();
    const gone = event.target.closest("[data-rows-remove]")?.closest("[data-row]");
    if (!gone) return;
    gone.remove();
    rows.querySelector("[data-rows-add]").focus();
    rows.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

const inMinutes = (text) => {
  const [hours, minutes] = text.split(":").map(Number);
  return hours * 60 + minutes;
};

for (const line of document.querySelectorAll("[data-minutes]")) {
  const [began, ended] = [line.dataset.began, line.dataset.ended].map((id) => document.getElementById(id));
  const show = () => {
    const held = inMinutes(ended.value) - inMinutes(began.value);
    const enough = held >= Number(line.dataset.needed);
    line.classList.toggle("minutes-short", !enough);
    line.textContent = held > 0 ? `${held} ${enough ? line.dataset.enough : line.dataset.short}` : "";
  };
  began.addEventListener("input", show);
  ended.addEventListener("input", show);
  show();
}

/* Typed text survives a reload, a crash and a sign-out; a version further it belongs to a record that is gone. */
for (const form of document.querySelectorAll("[data-kept]")) {
  const key = `draft:${form.dataset.kept}`;
  const draft = kept(key);
  if (draft && String(draft.version) !== form.dataset.version) forget(key);
  else if (draft) {
    for (const [name] of draft.entries) {
      const rows = form.querySelector("[data-rows]");
      while (rows && /-text$/.test(name) && !form.elements[name] && form.querySelectorAll("[data-row]").length < 30) addRow(rows);
    }
    putBack(form, draft.entries, { typedStays: true });
    form.closest("details").open = true;
  }
  form.addEventListener("input", () => keep(key, form.dataset.version, entriesOf(form)));
}
