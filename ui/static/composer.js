// Where the question is written: Enter sends, Shift+Enter breaks the line, Escape stops.
(() => {
  "use strict";

  const depeche = window.depeche;
  const box = () => document.getElementById("question");

  // As high as what is written, up to the limit of the style sheet.
  const fit = () => {
    box().style.height = "auto";
    box().style.height = `${box().scrollHeight}px`;
  };

  const write = (text) => {
    box().value = text;
    depeche.tab.set("draft", text || null);
    fit();
  };

  const send = () => depeche.ask({ question: box().value });

  // A composition in progress (Vietnamese, Chinese…) ends with Enter: that one sends nothing.
  const onKey = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };

  const busy = (isBusy) => {
    const [ask, stop] = [document.getElementById("send"), document.getElementById("stop")];
    const focused = document.activeElement;
    ask.hidden = isBusy;
    stop.hidden = !isBusy;
    document.getElementById("composer").classList.toggle("busy", isBusy);
    if (focused === ask || focused === stop) (isBusy ? stop : box()).focus();
  };

  // What writes an answer out can be stopped; the next question need not wait for it.
  const writes = (isWriting) => {
    const stop = document.getElementById("stop");
    if (document.activeElement === stop && !isWriting) box().focus();
    stop.hidden = !isWriting;
  };

  depeche.composer = { write, busy, writes, focus: () => box().focus({ preventScroll: true }), text: () => box().value };

  depeche.onMount("conversation", () => {
    box().addEventListener("keydown", onKey);
    box().addEventListener("input", () => {
      depeche.tab.set("draft", box().value || null);
      fit();
    });
    document.getElementById("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      send();
    });
    document.getElementById("stop").addEventListener("click", () => depeche.stop());
    write(depeche.tab.get("draft") ?? "");
    // on a phone the keyboard would cover the page at once
    if (matchMedia("(hover: hover)").matches && !document.querySelector("dialog[open]")) {
      depeche.composer.focus();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || document.querySelector("dialog[open]")) return;
    depeche.stop();
  });
})();
