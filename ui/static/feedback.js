// Thumbs up or down under each answer, and an optional word. Kept in the store; the record of the
// turn remembers it too, so that it shows again.
(() => {
  "use strict";

  const depeche = window.depeche;
  const { element } = depeche;
  const words = (key) => depeche.words(key);

  const SVG = "http://www.w3.org/2000/svg";
  const THUMB =
    "M7 10v10H4V10zm3 10h7.2c.9 0 1.6-.6 1.8-1.4l1.5-6.2c.3-1.2-.6-2.4-1.9-2.4H14V5.8C14 4.8 13.2 " +
    "4 12.2 4L9 10.5V19c0 .6.4 1 1 1z";

  const thumb = () => {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", THUMB);
    svg.append(path);
    return svg;
  };

  const button = (kind, chosen) => {
    const label = words(`feedback.${kind}`);
    return element(
      "button",
      {
        type: "button",
        class: `thumb ${kind}`,
        title: label,
        "aria-label": label,
        "aria-pressed": String(chosen),
      },
      thumb(),
    );
  };

  const wordForm = (feedback) => {
    const input = element("input", { type: "text", maxlength: 500, autocomplete: "off" });
    input.value = feedback.word ?? "";
    const label = element("label", {}, element("span", {}, words("feedback.word")), input);
    const send = element("button", { type: "submit", class: "act" }, words("feedback.send"));
    return element("form", { class: "word" }, label, send);
  };

  const draw = (turn, feedback, { asking = false } = {}) => {
    const slot = turn.querySelector(".feedback-slot");
    const group = element(
      "span",
      { class: "thumbs", role: "group", "aria-label": words("feedback.legend") },
      button("good", feedback?.good === true),
      button("bad", feedback?.good === false),
    );
    slot.replaceChildren(group);
    turn.querySelector("form.word")?.remove();
    if (asking) slot.closest(".actions").after(wordForm(feedback));
  };

  const recordOf = (turn) =>
    depeche.talks.load(depeche.current())?.turns.find(({ id }) => id === turn.dataset.turn);

  const keep = (id, feedback) =>
    depeche.talks.update(depeche.current(), (talk) => {
      const record = talk.turns.find((one) => one.id === id);
      if (record) record.feedback = feedback;
    });

  const send = async (turn, feedback) => {
    const record = recordOf(turn);
    if (!record) return false;
    const { good = null, word = "" } = feedback ?? {};
    const reply = await depeche.call("feedback", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ record: { ...record, feedback: null }, good, word }),
    });
    if (reply.error) {
      depeche.notice(reply.sentence, { about: "feedback" });
      return false;
    }
    keep(record.id, feedback);
    depeche.say(words(feedback ? "feedback.kept" : "feedback.taken-back"));
    return true;
  };

  // The same thumb again takes it back.
  const judge = async (turn, good) => {
    const before = recordOf(turn)?.feedback;
    const feedback = before?.good === good ? null : { good, word: before?.word ?? "" };
    if (!(await send(turn, feedback))) return;
    draw(turn, feedback, { asking: feedback !== null });
    turn.querySelector(good ? ".thumb.good" : ".thumb.bad").focus();
  };

  document.addEventListener("click", (event) => {
    const chosen = event.target.closest?.(".turn .thumb");
    if (chosen) judge(chosen.closest(".turn"), chosen.classList.contains("good"));
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest?.(".turn form.word");
    if (!form) return;
    event.preventDefault();
    const turn = form.closest(".turn");
    const { good } = recordOf(turn)?.feedback ?? {};
    if (good === undefined) return;
    const feedback = { good, word: form.querySelector("input").value.trim() };
    if (!(await send(turn, feedback))) return;
    draw(turn, feedback);
    turn.querySelector(good ? ".thumb.good" : ".thumb.bad").focus();
  });

  document.addEventListener("depeche:turn", ({ detail: { element: turn, record } }) => {
    if (turn?.querySelector(".feedback-slot") && !record.trouble) draw(turn, record.feedback);
  });
})();
