/* The words that scripts show, in the language of the page (see base.html). */
export const words = document.getElementById("js-words")?.dataset ?? {};

export const timeOfDay = (moment) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false }).format(moment);

export const csrfToken = () => {
  try { return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]; } catch { return ""; }
};

/* A message under the page's title, as the server's own messages are shown. */
export function announce(text, level = "info") {
  const box = document.createElement("div");
  box.className = `notice notice-${level}`;
  const inner = document.createElement("div");
  inner.textContent = text;
  box.append(inner);
  document.getElementById("messages")?.replaceChildren(box);
}
