// Light or dark: the system's until the reader chooses; Gradio follows the system and is corrected.
(() => {
  "use strict";

  const depeche = window.depeche;
  const KEY = "depeche:look";
  const system = matchMedia("(prefers-color-scheme: dark)");

  const chosen = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };

  let choice = chosen();
  const isDark = () => (choice ? choice === "dark" : system.matches);

  const show = () => {
    const dark = isDark();
    // the root too: it is what is seen before and around the page
    document.documentElement.classList.toggle("dark", dark);
    if (document.body && document.body.classList.contains("dark") !== dark) {
      document.body.classList.toggle("dark", dark);
    }
    document.getElementById("look")?.setAttribute("aria-pressed", String(dark));
  };

  const choose = () => {
    choice = isDark() ? "light" : "dark";
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // it lasts as long as the page
    }
    show();
  };

  const watch = () => {
    new MutationObserver(show).observe(document.body, { attributeFilter: ["class"] });
    show();
  };

  if (document.body) watch();
  else addEventListener("DOMContentLoaded", watch, { once: true });
  system.addEventListener("change", show);
  addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    choice = event.newValue;
    show();
  });
  document.addEventListener("click", (event) => event.target.closest?.("#look") && choose());
  depeche.onMount("masthead", show);
})();
