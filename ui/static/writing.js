// Beside the quotes: the answer as a language model writes it, each sentence checked by the server.
(() => {
  "use strict";

  const depeche = window.depeche;

  // The turn that is being written: one at a time in a page.
  let going = null;

  // What was written, as long as the page is open; no conversation keeps it.
  const written = new Map();

  const partOf = (turn) => {
    const element = document.getElementById(`turn-${turn}`);
    if (!element?.querySelector(".answer")) return null;
    let part = element.querySelector(".written");
    if (!part) {
      part = depeche.element("section", { class: "written", "aria-labelledby": `written-${turn}` });
      element.querySelector(".answer").after(part);
      element.querySelector('[data-act="write"]')?.remove();
    }
    return part;
  };

  // What stands there already stays, for whoever reads it or has the focus in it.
  const renew = (part, html) => {
    const fresh = document.createElement("template");
    fresh.innerHTML = html; // the server has escaped it
    const [old, next] = [[...part.children], [...fresh.content.children]];
    let same = 0;
    while (same < old.length && next[same]?.isEqualNode(old[same])) same += 1;
    for (const gone of old.slice(same)) gone.remove();
    part.append(...next.slice(same));
  };

  const show = (turn, html) => {
    const part = partOf(turn);
    written.set(turn, html);
    if (!part) return;
    if (!html) return part.remove();
    renew(part, html);
    part.setAttribute("aria-busy", String(going?.turn === turn));
  };

  const paragraph = (kind, sentence) =>
    depeche.element("p", { class: kind }, sentence ?? "").outerHTML;

  // Keep what has come; say in place of what was to come why it does not.
  const cut = (turn, kind, sentence) => {
    const whole = document.createElement("template");
    whole.innerHTML = written.get(turn) ?? "";
    whole.content.querySelector(".pending")?.remove();
    show(turn, whole.innerHTML + paragraph(kind, sentence));
    depeche.say(sentence);
  };

  const finish = () => {
    const { turn } = going;
    going = null;
    depeche.composer.writes(false);
    return turn;
  };

  const begin = async (record) => {
    stop();
    if (!depeche.settings.writes || !record.grounded) return;
    const now = (going = { token: depeche.newId(), turn: record.id });
    show(now.turn, paragraph("pending", depeche.words("written.waiting")));
    depeche.composer.writes(true);
    const tell = (reply) => going === now && show(now.turn, reply.html);
    const reply = await depeche.wire.write(now.token, record, tell).catch(() => ({ lost: true }));
    if (going !== now) return;
    const turn = finish();
    if (reply.lost) cut(turn, "trouble", depeche.words("corpus.unreachable"));
    else if (reply.error) cut(turn, "trouble", depeche.sentence(reply.error));
    else {
      show(turn, reply.html);
      if (reply.said) depeche.say(reply.said);
    }
  };

  const stop = () => {
    if (!going) return;
    depeche.wire.halt(going.token);
    cut(finish(), "verdict", depeche.words("written.halted"));
  };

  const offer = (element, record) => {
    const button = depeche.element("button", { type: "button", class: "act", "data-act": "write" });
    button.dataset.word = "written.start";
    button.addEventListener("click", () => {
      document.getElementById(`question-${record.id}`)?.focus({ preventScroll: true });
      begin(record);
    });
    element.querySelector(".feedback-slot")?.before(button);
    depeche.label(element);
  };

  // A turn is drawn again: with what was written beside it, or with a way to have it written.
  document.addEventListener("depeche:turn", ({ detail: { element, record } }) => {
    if (!depeche.settings.writes || !record.grounded || !element) return;
    const html = written.get(record.id);
    if (html) show(record.id, html);
    else offer(element, record);
  });

  // The page says that everything stays on this machine, where it does.
  depeche.onMount("conversation", (element) => {
    if (depeche.settings.writes !== "elsewhere") return;
    element.querySelector(".footer").dataset.word = "written.elsewhere";
    depeche.label(element);
  });

  depeche.writing = { begin, stop };
})();
