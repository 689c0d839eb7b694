/* A form that saves itself.

   <form data-autosave-url data-version data-draft-key>, with {% autosave_status %} inside. It posts the fields and
   `version`; the address answers {"version": 8, "saved_at": "10:42"}, 409 {"reason"} when somebody else was first, or
   4xx {"error"}. What is not confirmed stays in this browser and comes back after a reload or a new sign-in. */
import { csrfToken, timeOfDay, words } from "./words.js";
import { differences, entriesOf, forget, forgetOld, keep, kept, putBack, same, startingEntries } from "./drafts.js";

const PAUSE = 900;
const LONGEST_PAUSE = 5000;
const RETRY_AFTER = [4000, 15000, 60000];
const KEEPALIVE_LIMIT = 60000;

class Autosave {
  constructor(form) {
    this.form = form;
    this.key = form.dataset.draftKey;
    this.olderKey = `${this.key}:older`;
    this.saved = startingEntries(form);
    this.failures = 0;
    this.stopped = false;
    this.state = form.querySelector("[data-save-state]") ?? document.querySelector("[data-save-state]");
    this.listen();
    this.words = this.state?.querySelector("[data-save-words]").textContent;
    this.restore();
    if (this.dirty) this.changed();
  }

  get version() { return this.form.dataset.version; }

  set version(value) {
    this.form.dataset.version = value;
    for (const input of document.querySelectorAll(`input[name="version"]`)) {
      if (this.form.contains(input) || input.closest("form")?.dataset.followsVersion === this.key) input.value = value;
    }
  }

  get dirty() { return !same(entriesOf(this.form), this.saved); }

  listen() {
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("change", () => this.changed());
    this.form.addEventListener("focusout", () => this.flush());
    this.form.addEventListener("submit", (event) => this.handIn(event));
    this.state?.querySelector("[data-save-retry]")?.addEventListener("click", () => this.send());
    window.addEventListener("online", () => this.flush());
    window.addEventListener("pagehide", () => this.sendOnTheWayOut());
    window.addEventListener("pageshow", () => { this.leaving = false; });
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.sendOnTheWayOut(); });
    window.addEventListener("beforeunload", (event) => { if (this.dirty && !this.leaving) event.preventDefault(); });
  }

  changed() {
    if (!this.dirty) { this.settle(); return; }
    keep(this.key, this.version, entriesOf(this.form), kept(this.key)?.sent);
    if (this.stopped) return;
    this.show("saving", words.saving);
    this.since ??= Date.now();
    clearTimeout(this.timer);
    const pause = Math.max(0, Math.min(PAUSE, this.since + LONGEST_PAUSE - Date.now()));
    this.timer = setTimeout(() => this.send(), pause);
  }

  flush() { if (this.dirty && !this.stopped) this.send(); }

  /* The click on the button has left a field, and with that a save is under way: the form waits for its answer, else it
     would go out with a version that is no longer the newest and be refused. */
  handIn(event) {
    clearTimeout(this.timer);
    if (this.inFlight) {
      event.preventDefault();
      this.held = { submitter: event.submitter };
      return;
    }
    this.leaving = true;
    keep(this.key, this.version, entriesOf(this.form));
  }

  async send() {
    clearTimeout(this.timer);
    if (this.stopped || this.leaving) return;
    if (this.inFlight) { this.again = true; return; }
    this.inFlight = true;
    this.since = undefined;
    const entries = entriesOf(this.form);
    keep(this.key, this.version, entries, entries);
    this.show("saving", words.saving);
    try {
      await this.heed(await this.post(entries), entries);
    } catch {
      this.retryLater();
    }
    this.inFlight = false;
    if (this.held) {
      const { submitter } = this.held;
      this.held = undefined;
      this.again = false;
      this.form.requestSubmit(submitter);
      return;
    }
    if (this.again) { this.again = false; this.flush(); }
  }

  post(entries, keepalive = false) {
    const body = new URLSearchParams(entries);
    body.append("version", this.version);
    return fetch(this.form.dataset.autosaveUrl, {
      method: "POST",
      body,
      keepalive,
      redirect: "manual",
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
    });
  }

  async heed(answer, entries) {
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
      this.show("failed", words.signedOut);
      return;
    }
    if (answer.status >= 500 || answer.status === 429) { this.retryLater(); return; }
    const said = await answer.json().catch(() => ({}));
    if (answer.status === 409) { await this.reconcile(said.reason); return; }
    if (!answer.ok) { this.show("failed", said.error ?? said.reason ?? words.unsaved, true); return; }
    this.failures = 0;
    this.reconciled = false;
    this.saved = entries;
    this.version = said.version;
    this.savedAt = said.saved_at ?? timeOfDay(new Date());
    this.form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true, detail: said }));
    if (this.dirty) this.changed();
    else this.settle();
  }

  settle() {
    clearTimeout(this.timer);
    this.since = undefined;
    forget(this.key);
    if (this.savedAt) this.show("saved", `${words.saved} ${this.savedAt}`);
    else this.show("idle", this.words);
  }

  retryLater() {
    const wait = RETRY_AFTER[Math.min(this.failures, RETRY_AFTER.length - 1)];
    this.failures += 1;
    this.show("failed", words.unsaved, true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  /* The server has a newer version. Where its words are the ones this page began with or sent last (a save that went out
     while the page was being reloaded), nobody else has written and saving goes on from there. */
  async reconcile(reason) {
    const page = await fetch(window.location.href, { redirect: "error", headers: { Accept: "text/html" } })
      .then((answer) => answer.text())
      .catch(() => "");
    const forms = [...new DOMParser().parseFromString(page, "text/html").querySelectorAll("[data-draft-key]")];
    const fresh = forms.find((form) => form.dataset.draftKey === this.key);
    const theirs = fresh && startingEntries(fresh);
    if (!theirs || this.reconciled || ![this.saved, this.sent].some((own) => own && same(own, theirs))) {
      this.stop(reason);
      return;
    }
    this.reconciled = true;
    this.saved = theirs;
    this.savedAt = timeOfDay(new Date());
    this.version = fresh.dataset.version;
    this.changed();
  }

  /* Somebody else was first: nothing more is sent from this page, nothing typed is lost. */
  stop(reason) {
    this.stopped = true;
    clearTimeout(this.timer);
    this.show("failed", reason ?? words.conflict);
  }

  /* A page that is going away cannot wait for an answer; what it sends may or may not arrive, the draft stays. */
  sendOnTheWayOut() {
    if (!this.dirty || this.stopped || this.leaving) return;
    const entries = entriesOf(this.form);
    keep(this.key, this.version, entries, entries);
    if (document.hidden && new URLSearchParams(entries).toString().length < KEEPALIVE_LIMIT && !this.inFlight) {
      this.inFlight = true;
      this.post(entries, true)
        .then((answer) => this.heed(answer, entries))
        .catch(() => this.retryLater())
        .finally(() => { this.inFlight = false; });
    }
  }

  restore() {
    const draft = kept(this.key);
    this.sent = draft?.sent;
    if (draft && same(draft.entries, this.saved)) forget(this.key);
    else if (draft && same(draft.entries, entriesOf(this.form))) { /* The browser has put it back already. */ }
    else if (draft && String(draft.version) === String(this.version)) {
      putBack(this.form, draft.entries, { typedStays: true });
      this.tell(words.restored);
    } else if (draft) {
      keep(this.olderKey, draft.version, draft.entries);
      forget(this.key);
    }
    this.offerOlder();
  }

  tell(text) {
    const box = document.createElement("p");
    box.className = "notice";
    box.textContent = text;
    this.form.prepend(box);
  }

  /* A draft begun on an older version than the server has: the reader decides. */
  offerOlder() {
    const draft = kept(this.olderKey);
    if (!draft) return;
    const texts = differences(this.form, draft.entries);
    if (!texts.length) { forget(this.olderKey); return; }
    const box = document.createElement("section");
    box.className = "notice notice-warning";
    const inner = document.createElement("div");
    const title = document.createElement("p");
    title.textContent = words.keptOlder;
    inner.append(title);
    for (const [label, text] of texts) {
      const name = document.createElement("strong");
      name.textContent = label;
      const body = document.createElement("blockquote");
      body.className = "kept";
      body.textContent = text;
      inner.append(name, body);
    }
    const act = (word, kind, then) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `btn btn-sm ${kind}`;
      button.textContent = word;
      button.addEventListener("click", () => { then(); box.remove(); });
      return button;
    };
    const acts = document.createElement("div");
    acts.className = "form-acts";
    acts.append(
      act(words.putBack, "btn-primary", () => { forget(this.olderKey); putBack(this.form, draft.entries); }),
      act(words.discard, "btn-outline-secondary", () => forget(this.olderKey)),
    );
    inner.append(acts);
    box.append(inner);
    this.form.prepend(box);
  }

  show(state, text, retry = false) {
    if (!this.state) return;
    this.state.dataset.saveState = state;
    this.state.querySelector("[data-save-words]").textContent = text;
    this.state.querySelector("[data-save-retry]").hidden = !retry;
  }
}

export function startAutosave(root) {
  forgetOld();
  const forms = root.matches?.("[data-autosave-url]") ? [root] : root.querySelectorAll("[data-autosave-url]");
  for (const form of forms) form.autosave ??= new Autosave(form);
}
