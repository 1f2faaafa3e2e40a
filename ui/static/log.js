// The log: one article a turn. What the server sends is escaped there and put in as it comes.
(() => {
  "use strict";

  const depeche = window.depeche;
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const turns = () => document.getElementById("turns");
  const turnOf = (id) => document.getElementById(`turn-${id}`);

  // The sources of each turn, so that an earlier one is shown again without the server.
  const sources = new Map();

  const empty = () => {
    const any = turns().childElementCount > 0;
    document.getElementById("welcome").hidden = any;
    document.getElementById("clear-talk").hidden = !any;
  };

  const build = (id) => {
    const turn = document.createElement("article");
    turn.className = "turn";
    turn.id = `turn-${id}`;
    turn.dataset.turn = id;
    turn.setAttribute("aria-labelledby", `question-${id}`);
    return turn;
  };

  const heading = (id, question) => {
    const element = document.createElement("h3");
    element.className = "question";
    element.id = `question-${id}`;
    element.tabIndex = -1;
    element.dir = "auto";
    element.textContent = question;
    return element;
  };

  const working = () => {
    const element = document.createElement("p");
    element.className = "working";
    element.dataset.word = "ask.working";
    element.textContent = depeche.words("ask.working");
    return element;
  };

  // A question whose answer is looked for; in place of an earlier turn when it is asked again.
  const wait = (id, question, replaced = null) => {
    const turn = build(id);
    turn.classList.add("waiting");
    turn.setAttribute("aria-busy", "true");
    turn.append(heading(id, question), working());
    const old = replaced && turnOf(replaced);
    if (old) old.replaceWith(turn);
    else turns().append(turn);
    empty();
    return () => (old ? turn.replaceWith(old) : turn.remove(), empty());
  };

  const fill = (id, html) => {
    const turn = turnOf(id);
    if (!turn) return null;
    const focused = turn.contains(document.activeElement);
    turn.classList.remove("waiting");
    turn.removeAttribute("aria-busy");
    turn.innerHTML = html.turn; // the server has escaped it
    sources.set(id, html.sources);
    if (focused) turn.querySelector(".question").focus({ preventScroll: true });
    return turn;
  };

  // What is wrong with a turn that could not be shown again.
  const fail = (id, sentence) => {
    const turn = turnOf(id);
    turn?.classList.remove("waiting");
    turn?.removeAttribute("aria-busy");
    const working = turn?.querySelector(".working");
    if (!working) return;
    working.className = "trouble";
    delete working.dataset.word;
    working.textContent = sentence;
  };

  const showSources = (id) => {
    const html = sources.get(id);
    const panel = document.getElementById("panel");
    if (!html || !panel) return false;
    panel.innerHTML = html; // the server has escaped it
    for (const turn of document.querySelectorAll(".turn")) {
      turn.classList.toggle("shown", turn.dataset.turn === id);
    }
    document.dispatchEvent(new CustomEvent("depeche:sources", { detail: { turn: id } }));
    return true;
  };

  const noSources = () => {
    const panel = document.getElementById("panel");
    const none = document.getElementById("no-sources");
    if (!panel || !none) return;
    panel.replaceChildren(none.content.cloneNode(true));
    depeche.label(panel);
  };

  const clear = () => {
    sources.clear();
    turns().replaceChildren();
    noSources();
    empty();
  };

  // The beginning of a turn comes to the top: an answer is read from there.
  const scrollTo = (id) =>
    turnOf(id)?.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });

  const isSeen = (id) => {
    const place = turnOf(id)?.getBoundingClientRect();
    return place !== undefined && place.bottom > 0 && place.top < innerHeight;
  };

  document.addEventListener("depeche:recall", (event) => showSources(event.detail.turn));

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.('[data-act="sources"]');
    if (!button || !showSources(button.closest(".turn").dataset.turn)) return;
    const title = document.getElementById("sources-heading");
    title?.focus({ preventScroll: true });
    title?.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  });

  depeche.onMount("sources", noSources);
  depeche.log = { wait, fill, fail, clear, isSeen, scrollTo, showSources };
})();
