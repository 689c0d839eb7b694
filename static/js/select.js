/* Searchable selects: <select data-search>. Tom Select is fetched only where one is on the page. */
function load() {
  if (window.TomSelect) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = new URL("../vendor/tabler-vendors.css", import.meta.url).href;
    const script = document.createElement("script");
    script.src = new URL("../vendor/tom-select.js", import.meta.url).href;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(style, script);
  });
}

export async function startSelects(root) {
  await load();
  for (const select of root.querySelectorAll("select[data-search]")) {
    if (!select.tomselect) new window.TomSelect(select, { create: false, maxOptions: 500, copyClassesToDropdown: false });
  }
}
