// The timeline: a bar is a button that filters by its period; arrow keys lead from bar to bar.
(() => {
  "use strict";

  const choose = (bar) => {
    const { after, before } = bar.dataset;
    bar.dispatchEvent(
      new CustomEvent("depeche:filter", { bubbles: true, detail: { after, before } }),
    );
  };

  const barsOf = (bar) => [...bar.closest("svg").querySelectorAll(".bar")];

  // One stop for Tab in the whole figure: where the reader was last.
  const moveTo = (bar) => {
    barsOf(bar).forEach((other) => other.setAttribute("tabindex", other === bar ? "0" : "-1"));
    bar.focus();
  };

  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: 1, ArrowDown: -1 };

  document.addEventListener("click", (event) => {
    const bar = event.target.closest?.(".timeline .bar");
    if (!bar) return;
    moveTo(bar);
    choose(bar);
  });

  document.addEventListener("keydown", (event) => {
    const bar = event.target.closest?.(".timeline .bar");
    if (!bar || event.ctrlKey || event.metaKey || event.altKey) return;
    const bars = barsOf(bar);
    const place = bars.indexOf(bar);
    if (event.key === "Enter" || event.key === " ") choose(bar);
    else if (event.key === "Home") moveTo(bars[0]);
    else if (event.key === "End") moveTo(bars.at(-1));
    else if (step[event.key]) moveTo(bars[place + step[event.key]] ?? bar);
    else return;
    event.preventDefault();
  });
})();
