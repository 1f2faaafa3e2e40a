// The two views, conversation and corpus: each has its address, and Back goes from one to the other.
(() => {
  "use strict";

  const depeche = window.depeche;
  const VIEWS = ["conversation", "corpus"];

  const named = () => {
    const at = new URL(location.href).searchParams.get("at");
    return VIEWS.includes(at) ? at : VIEWS[0];
  };

  let view = null;

  const show = (next) => {
    document.documentElement.dataset.view = next;
    for (const button of document.querySelectorAll("[data-go]")) {
      if (button.dataset.go === next) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
    if (next === view) return;
    view = next;
    document.dispatchEvent(new CustomEvent("depeche:view", { detail: { view } }));
  };

  depeche.view = () => view;

  depeche.go = (next) => {
    if (next === view) return;
    const url = new URL(location.href);
    if (next === VIEWS[0]) url.searchParams.delete("at");
    else url.searchParams.set("at", next);
    history.pushState({ ...history.state, reader: undefined }, "", url);
    show(next);
    scrollTo(0, 0);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-go]");
    if (button) depeche.go(button.dataset.go);
  });
  addEventListener("popstate", () => show(named()));
  depeche.onMount("masthead", () => show(named()));
  depeche.onMount("corpus", () => {
    // a part mounted late is told which view is shown
    document.dispatchEvent(new CustomEvent("depeche:view", { detail: { view: named() } }));
  });
  document.documentElement.dataset.view = named();
})();
