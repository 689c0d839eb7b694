/* What a reader typed and the server has not confirmed, kept in this browser, apart by account and form. */
const KEEP_DAYS = 30;
const LEFT_OUT = new Set(["csrfmiddlewaretoken", "key", "version"]);

export const entriesOf = (form) =>
  [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !LEFT_OUT.has(name));

const UNSENT = new Set(["file", "submit", "button", "reset", "image"]);

function startOf(control) {
  if (control.type === "checkbox" || control.type === "radio") return control.defaultChecked ? [control.value] : [];
  if (!control.options) return [control.defaultValue];
  const options = [...control.options];
  const chosen = options.filter((option) => option.defaultSelected);
  const first = options.filter((option) => !option.disabled).slice(0, 1);
  return (control.multiple ? chosen : chosen.length ? chosen.slice(-1) : first).map((option) => option.value);
}

/* The entries that the server drew. What is typed while the script is still on its way differs from them already. */
export const startingEntries = (form) =>
  [...form.elements]
    .filter((control) => control.name && !control.matches(":disabled") && !UNSENT.has(control.type) && !LEFT_OUT.has(control.name))
    .flatMap((control) => startOf(control).map((value) => [control.name, value]));

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/* `sent` is what was last sent without an answer yet. */
export function keep(key, version, entries, sent) {
  try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), version, entries, sent })); } catch { /* No storage here. */ }
}

export function forget(key) {
  try { localStorage.removeItem(key); } catch { /* No storage here. */ }
}

export function kept(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

export function forgetOld() {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("draft:") && Date.now() - (kept(key)?.at ?? 0) > KEEP_DAYS * 864e5) forget(key);
    }
  } catch { /* No storage here. */ }
}

/* With `typedStays` a field keeps what was typed into it before the script came: that is newer than the draft. */
export function putBack(form, entries, { typedStays = false } = {}) {
  const values = Map.groupBy ? Map.groupBy(entries, ([name]) => name) : group(entries);
  for (const control of form.elements) {
    if (!control.name || LEFT_OUT.has(control.name) || UNSENT.has(control.type) || control.type === "hidden") continue;
    if (typedStays && control.defaultValue !== undefined && control.value !== control.defaultValue) continue;
    const given = (values.get(control.name) ?? []).map(([, value]) => value);
    if (control.type === "checkbox" || control.type === "radio") control.checked = given.includes(control.value);
    else if (control.multiple) for (const option of control.options) option.selected = given.includes(option.value);
    else if (given.length) control.value = given[0];
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function group(entries) {
  const map = new Map();
  for (const entry of entries) map.set(entry[0], [...(map.get(entry[0]) ?? []), entry]);
  return map;
}

/* What differs from the form, in words: label and text. */
export function differences(form, entries) {
  const now = entriesOf(form);
  return entries
    .filter(([name, value]) => value.trim() && !now.some(([n, v]) => n === name && v === value))
    .map(([name, value]) => [form.elements[name]?.labels?.[0]?.textContent.trim() ?? name, value]);
}
