// A question and its answer, from the composer to the record that is kept.
(() => {
  "use strict";

  const depeche = window.depeche;
  const HISTORY = 6;

  // The question that is being answered: one at a time in a page.
  let running = null;

  depeche.running = () => running;

  // What a follow-up may lean on.
  const historyOf = (turns) =>
    turns
      .filter((turn) => !turn.trouble)
      .slice(-HISTORY)
      .map(({ id, question, text }) => ({ id, question, text }));

  // Ask; with `replaced`, the turn of that id again, in its place.
  depeche.ask = async ({ question, filters = null, replaced = null }) => {
    const text = question.trim();
    if (!text) return;
    if (running) {
      depeche.say(depeche.words("ask.wait"));
      return;
    }
    depeche.writing.stop();
    filters ??= depeche.filters.commit();
    const asked = begin(text, replaced);
    try {
      const reply = await depeche.wire.ask({
        token: asked.id,
        question: text,
        history: historyOf(asked.before),
        filters,
      });
      if (running === asked) end(asked, reply);
    } catch {
      if (running === asked) giveBack(asked, depeche.words("ask.lost"));
    }
  };

  const begin = (question, replaced) => {
    const id = depeche.newId();
    const talk = depeche.current();
    const { turns } = depeche.talks.load(talk) ?? { turns: [] };
    const place = replaced ? turns.findIndex((turn) => turn.id === replaced) : -1;
    const before = place < 0 ? turns : turns.slice(0, place);
    running = { id, question, talk, replaced: place < 0 ? null : replaced, before };
    if (!running.replaced) depeche.composer.write("");
    depeche.unnotice("ask");
    depeche.tab.set("pending", question);
    running.undo = depeche.log.wait(id, question, running.replaced);
    depeche.composer.busy(true);
    depeche.log.scrollTo(id);
    depeche.say(depeche.words("ask.working"));
    return running;
  };

  const finish = () => {
    running = null;
    depeche.tab.set("pending", null);
    depeche.composer.busy(false);
  };

  // The question goes back to where it was written, unless another one is being written.
  const giveBack = (asked, sentence, about = "ask") => {
    finish();
    asked.undo();
    if (!asked.replaced && !depeche.composer.text()) depeche.composer.write(asked.question);
    if (sentence) depeche.notice(sentence, { about });
  };

  const end = (asked, reply) => {
    if (reply.refused) {
      giveBack(asked, reply.refused.sentence, `filter-${reply.refused.field}`);
      document.getElementById(`filter-${reply.refused.field}`)?.focus();
    } else if (reply.record) {
      answered(asked, reply);
    } else if (reply.error) {
      giveBack(asked, depeche.sentence(reply.error));
    } else giveBack(asked, "");
  };

  const answered = (asked, { record, html }) => {
    finish();
    depeche.talks.update(asked.talk, (talk) => {
      const place = talk.turns.findIndex((turn) => turn.id === asked.replaced);
      if (place < 0) talk.turns.push(record);
      else talk.turns[place] = record;
    });
    // the reader may have gone to another conversation meanwhile
    if (depeche.current() !== asked.talk) return;
    const seen = depeche.log.isSeen(asked.id);
    const element = depeche.log.fill(asked.id, html);
    // whoever reads on elsewhere meanwhile is left there
    if (seen) depeche.log.scrollTo(asked.id);
    depeche.log.showSources(asked.id);
    tell(record);
    document.dispatchEvent(new CustomEvent("depeche:turn", { detail: { element, record } }));
    depeche.writing.begin(record);
  };

  const tell = (record) => {
    if (record.trouble) {
      depeche.say(depeche.sentence(record.trouble));
    } else if (record.grounded) {
      const count = new Set(record.citations.map((citation) => citation.article)).size;
      depeche.say(depeche.words("log.answered", { count }));
    } else depeche.say(depeche.words("log.unanswered"));
  };

  depeche.stop = () => {
    if (!running) {
      depeche.writing.stop();
      return;
    }
    depeche.wire.stop(running.id);
    giveBack(running, "");
    depeche.say(depeche.words("ask.stopped"));
    depeche.composer.focus();
  };

  // ---- Again, as it was or with something changed

  depeche.again = (id, change = {}) => {
    const talk = depeche.talks.load(depeche.current());
    const turn = talk?.turns.find((one) => one.id === id);
    if (!turn || running) return;
    const filters = { ...depeche.filters.without(turn.filters ?? {}, change), ...change.set };
    if (change.filter || change.names) depeche.filters.drop(change);
    if (change.set) depeche.filters.set(change.set);
    depeche.ask({ question: turn.question, filters, replaced: id });
    document.getElementById(`question-${running?.id}`)?.focus({ preventScroll: true });
  };

  // A bar of a timeline narrows the period: of the answer whose evidence it shows, and from then on.
  document.addEventListener("depeche:filter", (event) => {
    const { after, before } = event.detail;
    const turn = event.target.closest?.("section[data-turn]")?.dataset.turn;
    if (turn) depeche.again(turn, { set: { after, before } });
    else depeche.filters.set({ after, before });
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".turn button");
    if (!button) return;
    const id = button.closest(".turn").dataset.turn;
    if (button.dataset.drop) depeche.again(id, JSON.parse(button.dataset.drop));
    else if (button.dataset.act === "again") depeche.again(id);
    else if (button.classList.contains("follow-up")) depeche.ask({ question: button.textContent });
  });
})();
