// What the page does by itself: the marks of an answer show their source, a card opens the reader.
(() => {
  "use strict";

  let wanted = null; // the source asked for, until the panel shows it

  const panel = () => document.querySelector("#panel section");

  // Light the quote of one mark and bring it into view.
  const light = (number) => {
    const cards = document.querySelectorAll("#panel .card");
    cards.forEach((card) => card.classList.remove("lit"));
    document.querySelectorAll("#panel mark.lit").forEach((mark) => mark.classList.remove("lit"));
    const marks = document.querySelectorAll(`#panel mark[data-quotes~="${number}"]`);
    marks.forEach((mark) => mark.classList.add("lit"));
    const target = marks[0] ?? document.querySelector("#panel .card");
    if (!target) return;
    target.closest(".card").classList.add("lit");
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
  };

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  // A mark shows its source; the sources of an earlier answer are fetched first.
  const follow = (turn, number) => {
    if (panel()?.dataset.turn === turn) return light(number);
    wanted = { turn, number };
    document.dispatchEvent(new CustomEvent("depeche:recall", { detail: { turn } }));
  };

  document.addEventListener("click", (event) => {
    const mark = event.target.closest('a[href*="#source-"]');
    const found = mark && /#source-(\d+)-(\d+)$/.exec(mark.getAttribute("href"));
    if (!found) return;
    event.preventDefault();
    follow(found[1], found[2]);
  });

  document.addEventListener("depeche:sources", () => {
    if (!wanted || panel()?.dataset.turn !== wanted.turn) return;
    light(wanted.number);
    wanted = null;
  });

  // The reader is outside Gradio's own tree: nothing that it redraws can close it.
  const reader = () => {
    let dialog = document.getElementById("reader");
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.id = "reader";
      dialog.setAttribute("aria-labelledby", "reader-title");
      dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
      document.body.append(dialog);
    }
    return dialog;
  };

  const read = (html) => {
    if (!html) return;
    const dialog = reader();
    dialog.innerHTML = html;
    if (!dialog.open) dialog.showModal();
    const text = dialog.querySelector(".text");
    text.focus({ preventScroll: true });
    const number = text.dataset.target;
    const target = number ? text.querySelector(`mark[data-quotes~="${number}"]`) : text.querySelector(".near");
    if (number) {
      text.querySelectorAll(`mark[data-quotes~="${number}"]`).forEach((mark) => mark.classList.add("lit"));
    }
    text.scrollTop = 0;
    target?.scrollIntoView({ block: "center" });
  };

  window.depeche = { read };

  // The language chosen on the server is the language of the document and of what Gradio names.
  const speak = () => {
    // Gradio describes each message by its Markdown, in English: its text says it better
    document.querySelectorAll("#chat [data-testid][aria-label]").forEach((message) => message.removeAttribute("aria-label"));
    const words = document.querySelector("[data-page-language]")?.dataset;
    if (!words || document.documentElement.lang === words.pageLanguage) return;
    document.documentElement.lang = words.pageLanguage;
    document.querySelector('#chat [role="log"]')?.setAttribute("aria-label", words.conversation);
  };
  new MutationObserver(speak).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-page-language"] });
})();
