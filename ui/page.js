// What the page does by itself: the marks of an answer show their source, a card opens the reader.
(() => {
  "use strict";

  const panel = () => document.querySelector("#panel section");
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const marksOf = (root, number) => root.querySelectorAll(`mark[data-quotes~="${number}"]`);

  // ---- Marks and sources

  let wanted = null; // the source asked for, until the panel shows it

  const light = (number) => {
    panel().querySelectorAll(".lit").forEach((element) => element.classList.remove("lit"));
    const marks = marksOf(panel(), number);
    marks.forEach((mark) => mark.classList.add("lit"));
    // a quote that is withheld has no mark: its card says why
    const target = marks[0] ?? panel().querySelector(`[data-withheld="${number}"]`);
    if (!target) return;
    target.closest(".card").classList.add("lit");
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
  };

  // The sources of an earlier answer are fetched first.
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

  // ---- The reader, outside Gradio's own tree: nothing that it redraws can close it

  const reader = () => {
    const dialog = document.createElement("dialog");
    dialog.id = "reader";
    dialog.setAttribute("aria-labelledby", "reader-title");
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    document.body.append(dialog);
    return dialog;
  };

  const read = (html) => {
    if (!html) return;
    const dialog = document.getElementById("reader") ?? reader();
    dialog.innerHTML = html;
    if (!dialog.open) dialog.showModal();
    const text = dialog.querySelector(".text");
    const marks = marksOf(text, text.dataset.target);
    marks.forEach((mark) => mark.classList.add("lit"));
    text.focus({ preventScroll: true });
    text.scrollTop = 0;
    (marks[0] ?? text.querySelector(".near"))?.scrollIntoView({ block: "center" });
  };

  window.depeche = { read };

  // ---- Names: the language of the page, and better ones than Gradio's own

  const name = () => {
    // Gradio describes each message by its Markdown, in English: its text says it better
    document
      .querySelectorAll("#chat [data-testid][aria-label]")
      .forEach((message) => message.removeAttribute("aria-label"));
    const words = document.querySelector("[data-page-language]")?.dataset;
    if (!words || document.documentElement.lang === words.pageLanguage) return;
    document.documentElement.lang = words.pageLanguage;
    document.querySelector('#chat [role="log"]')?.setAttribute("aria-label", words.conversation);
    const period = document.getElementById("period");
    period?.setAttribute("role", "group");
    period?.setAttribute("aria-label", words.period);
  };

  new MutationObserver(name).observe(document, {
    childList: true,
    subtree: true,
    attributeFilter: ["data-page-language", "aria-label"],
  });
})();
