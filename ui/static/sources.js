// The sources: a mark of the answer shows its quote, a button copies a citation or its link.
(() => {
  "use strict";

  const depeche = (window.depeche ??= {});
  const panelOf = (turn) =>
    [...document.querySelectorAll("section[data-turn]")].find((one) => one.dataset.turn === turn);
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  // ---- Marks

  let wanted = null; // the source asked for, until the panel shows it

  const light = (panel, number) => {
    document.querySelectorAll(".card .lit, .card.lit").forEach((one) => one.classList.remove("lit"));
    const marks = panel.querySelectorAll(`mark[data-quotes~="${number}"]`);
    marks.forEach((mark) => mark.classList.add("lit"));
    // a quote that is withheld has no mark: its card says why
    const target = marks[0] ?? panel.querySelector(`[data-withheld="${number}"]`);
    if (!target) return;
    target.closest("details")?.setAttribute("open", "");
    target.closest(".card").classList.add("lit");
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
  };

  // The sources of an earlier answer are asked for first.
  depeche.showSource = (turn, number) => {
    const panel = panelOf(turn);
    if (panel) return light(panel, number);
    wanted = { turn, number };
    document.dispatchEvent(new CustomEvent("depeche:recall", { detail: { turn } }));
  };

  document.addEventListener("depeche:sources", () => {
    const panel = wanted && panelOf(wanted.turn);
    if (!panel) return;
    light(panel, wanted.number);
    wanted = null;
  });

  document.addEventListener("click", (event) => {
    const mark = event.target.closest?.('a[href*="#source-"]');
    const found = mark && /#source-([\w-]+)-(\d+)$/.exec(mark.getAttribute("href"));
    if (!found) return;
    event.preventDefault();
    depeche.showSource(found[1], found[2]);
  });

  // ---- Copying

  // Browsers keep the clipboard from pages that come over plain http from another machine.
  const copyTheOldWay = (text, beside) => {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.cssText = "position: fixed; opacity: 0";
    // what is outside of an open dialog cannot be selected
    (beside.closest("dialog") ?? document.body).append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    beside.focus({ preventScroll: true });
    return copied;
  };

  const copy = async (text, beside) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyTheOldWay(text, beside);
    }
  };

  const tell = (button, copied) => {
    const sentence = copied ? button.dataset.done : button.dataset.failed;
    button.dataset.label ??= button.textContent;
    button.textContent = sentence;
    button.classList.toggle("done", copied);
    depeche.say?.(sentence);
    clearTimeout(button.telling);
    button.telling = setTimeout(() => {
      button.textContent = button.dataset.label;
      button.classList.remove("done");
    }, 2500);
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button[data-copy], button[data-link]");
    if (!button) return;
    const { copy: citation, link } = button.dataset;
    tell(button, await copy(citation ?? new URL(link, document.baseURI).href, button));
  });
})();
