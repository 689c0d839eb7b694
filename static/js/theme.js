/* Runs before the first paint: the theme chosen here, else the system's. */
(function () {
  "use strict";
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try { return localStorage.getItem("theme"); } catch { return null; }
  };
  const show = () => root.setAttribute("data-bs-theme", chosen() || (system.matches ? "dark" : "light"));
  show();
  system.addEventListener("change", show);
  window.addEventListener("storage", show);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    try {
      if ((system.matches ? "dark" : "light") === next) localStorage.removeItem("theme");
      else localStorage.setItem("theme", next);
    } catch { /* A browser without storage forgets the choice with the page. */ }
    root.setAttribute("data-bs-theme", next);
    document.dispatchEvent(new CustomEvent("themechange"));
  });
})();
