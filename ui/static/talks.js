// Several conversations: the one that is open, the list of all, and how they are deleted.
(() => {
  "use strict";

  const depeche = window.depeche;
  // as many as the server shows at once
  const BATCH = 20;

  let current = depeche.tab.get("talk") ?? depeche.newId();
  let shown = []; // records, as they are drawn

  depeche.current = () => current;

  // ---- Opening one: its questions at once, its answers as the server shows them again

  const draw = () => {
    shown = depeche.talks.load(current)?.turns ?? [];
    depeche.log.clear();
    for (const { id, question } of shown) depeche.log.wait(id, question);
    const running = depeche.running();
    if (running?.talk === current && !running.replaced) {
      running.undo = depeche.log.wait(running.id, running.question);
    }
    return fetchTurns();
  };

  const fetchTurns = async () => {
    const talk = current;
    // the last ones first: they are what is seen
    for (let end = shown.length; end > 0; end -= BATCH) {
      const records = shown.slice(Math.max(0, end - BATCH), end);
      const reply = await depeche.wire.show(records).catch(() => ({ error: "lost" }));
      if (talk !== current) return;
      put(records, reply);
      if (end === shown.length) showLast();
    }
  };

  const put = (records, reply) => {
    for (const record of records) {
      const html = reply.html?.[record.id];
      if (html) {
        const element = depeche.log.fill(record.id, html);
        document.dispatchEvent(new CustomEvent("depeche:turn", { detail: { element, record } }));
      } else depeche.log.fail(record.id, sentenceFor(reply));
    }
  };

  const sentenceFor = ({ error }) => {
    if (error === "lost") return depeche.words("ask.lost");
    return depeche.sentence(error ?? "RecordInvalid");
  };

  const showLast = () => {
    const last = shown.findLast((record) => !record.trouble);
    if (last) depeche.log.showSources(last.id);
    if (shown.length) depeche.log.scrollTo(shown.at(-1).id);
  };

  const open = (id) => {
    current = id;
    depeche.tab.set("talk", id);
    depeche.unnotice("ask");
    return draw();
  };

  const begin = () => {
    open(depeche.newId());
    depeche.composer.focus();
  };

  // ---- Another tab went on with this one, or deleted it

  const isSame = (turns) =>
    turns.length === shown.length && turns.every((turn, place) => turn.id === shown[place].id);

  document.addEventListener("depeche:talks", (event) => {
    if (dialog()?.open) list();
    if (depeche.running() || ![current, null].includes(event.detail.id)) return;
    const turns = depeche.talks.load(current)?.turns ?? [];
    const drawn = [...document.querySelectorAll("#turns .turn")].map((turn) => turn.dataset.turn);
    const isDrawn = turns.length === drawn.length && turns.every(({ id }, at) => id === drawn[at]);
    if (isDrawn) shown = turns;
    else if (!isSame(turns)) draw();
  });

  // ---- The list

  const dialog = () => document.getElementById("talks-dialog");

  const when = (at) => {
    const date = new Date(at);
    if (Number.isNaN(date.getTime())) return "";
    return depeche.date(date, { dateStyle: "medium", timeStyle: "short" });
  };

  const row = (talk) => {
    const item = document.createElement("li");
    const opener = document.createElement("button");
    const title = document.createElement("bdi");
    const note = document.createElement("span");
    title.textContent = talk.title || depeche.words("talks.untitled");
    note.className = "note";
    note.textContent = `${when(talk.at)} · ${depeche.words("talks.turns", { count: talk.turns.length })}`;
    opener.type = "button";
    opener.className = "talk";
    if (talk.id === current) opener.setAttribute("aria-current", "true");
    opener.append(title, note);
    opener.addEventListener("click", () => {
      dialog().close();
      open(talk.id);
    });
    const remover = document.createElement("button");
    remover.type = "button";
    remover.className = "delete";
    remover.textContent = "×";
    const label = depeche.words("talks.delete", { title: title.textContent });
    remover.setAttribute("aria-label", label);
    remover.title = label;
    remover.addEventListener("click", () => removeAll([talk.id]));
    item.append(opener, remover);
    return item;
  };

  const list = () => {
    const talks = depeche.talks.list();
    document.getElementById("talks-list").replaceChildren(...talks.map(row));
    document.getElementById("talks-none").hidden = talks.length > 0;
    document.getElementById("delete-talks").hidden = talks.length === 0;
  };

  depeche.openTalks = () => {
    list();
    dialog().showModal();
    (dialog().querySelector('[aria-current="true"]') ?? dialog().querySelector("button")).focus();
  };

  // ---- Deleting; what was deleted can be had back until the notice goes

  const removeAll = (ids) => {
    const removed = ids.map(depeche.talks.remove).filter((talk) => talk?.turns.length);
    const goes = ids.includes(current);
    if (dialog().open) dialog().querySelector("h2").focus();
    if (goes) {
      depeche.stop();
      open(depeche.newId());
    }
    if (!removed.length) return;
    const back = () => {
      depeche.talks.putBack(removed);
      if (goes) open(removed[0].id);
    };
    const sentence = depeche.words("talks.deleted", { count: removed.length });
    depeche.notice(sentence, {
      about: "deleted",
      action: depeche.words("talks.undo"),
      act: back,
      urgent: false,
    });
  };

  const clicks = {
    "open-talks": () => depeche.openTalks(),
    "new-talk": begin,
    "clear-talk": () => {
      removeAll([current]);
      depeche.composer.focus();
    },
    "delete-talks": () => {
      removeAll(depeche.talks.list().map((talk) => talk.id));
      dialog().close();
    },
    "close-talks": () => dialog().close(),
  };

  document.addEventListener("click", (event) => {
    // the dialog itself is hit outside of what it shows
    if (event.target.id === "talks-dialog") dialog().close();
    const name = event.target.closest?.("button[id]")?.id;
    if (Object.hasOwn(clicks, name ?? "")) clicks[name]();
  });

  // ---- The page opens, or speaks another language

  depeche.onMount("conversation", () => {
    depeche.tab.set("talk", current);
    draw();
    const pending = depeche.tab.get("pending");
    if (!pending) return;
    depeche.tab.set("pending", null);
    depeche.composer.write(pending);
    depeche.notice(depeche.words("ask.interrupted"), { about: "ask" });
  });

  document.addEventListener("depeche:language", () => fetchTurns());
})();
