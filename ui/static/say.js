// What the page tells by itself: one sentence at a time to a screen reader, notices to everybody.
(() => {
  "use strict";

  const depeche = window.depeche;

  // The same sentence twice is told twice: the element is emptied in between.
  const PAUSE_MS = 80;
  let telling;

  depeche.say = (sentence) => {
    const element = document.getElementById("said");
    if (!element) return;
    element.textContent = "";
    clearTimeout(telling);
    telling = setTimeout(() => (element.textContent = sentence), PAUSE_MS);
  };

  const button = (label, does) => {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = label;
    element.addEventListener("click", does);
    return element;
  };

  // A notice about something (`about`) takes the place of the one before about the same.
  depeche.notice = (sentence, { about = "page", action = "", act = null, urgent = true } = {}) => {
    depeche.unnotice(about);
    const notice = document.createElement("div");
    notice.className = "notice";
    notice.dataset.about = about;
    if (urgent) notice.setAttribute("role", "alert");
    else depeche.say(sentence);
    const text = document.createElement("p");
    text.textContent = sentence;
    notice.append(text);
    const done = (does) => () => {
      notice.remove();
      does?.();
    };
    if (action) notice.append(button(action, done(act)));
    const close = button("×", done());
    close.className = "dismiss";
    close.setAttribute("aria-label", depeche.words("page.dismiss"));
    notice.append(close);
    document.getElementById("notices")?.append(notice);
    return notice;
  };

  depeche.unnotice = (about) => {
    for (const notice of document.querySelectorAll("#notices .notice")) {
      if (notice.dataset.about === about) notice.remove();
    }
  };
})();
