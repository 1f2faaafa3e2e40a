// Conversations, kept in this browser: one key each, so that two tabs do not overwrite each other.
(() => {
  "use strict";

  const depeche = window.depeche;
  // one machine may show several stores at one address, one browser serve several people
  const user = window.gradio_config?.username ?? "";
  const PREFIX = `depeche:${depeche.settings.store}:${user}:talk:`;
  const TITLE_CHARS = 90;

  // What could not be kept lasts as long as the page.
  const unkept = new Map();

  const changed = (id) => document.dispatchEvent(new CustomEvent("depeche:talks", { detail: { id } }));

  const parse = (text) => {
    try {
      const talk = JSON.parse(text);
      return Array.isArray(talk?.turns) ? talk : null;
    } catch {
      return null; // somebody else's, or cut
    }
  };

  const read = (id) => {
    try {
      return parse(localStorage.getItem(PREFIX + id) ?? "");
    } catch {
      return null; // this browser keeps nothing
    }
  };

  const ids = () => {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
      return keys.map((key) => key.slice(PREFIX.length));
    } catch {
      return [];
    }
  };

  const write = (talk) => {
    try {
      localStorage.setItem(PREFIX + talk.id, JSON.stringify(talk));
      unkept.delete(talk.id);
      return true;
    } catch {
      unkept.set(talk.id, talk);
      return false;
    }
  };

  const load = (id) => unkept.get(id) ?? read(id);

  const titleOf = (talk) => {
    const question = (talk.turns[0]?.question ?? "").replace(/\s+/g, " ").trim();
    return question.length > TITLE_CHARS ? `${question.slice(0, TITLE_CHARS)}…` : question;
  };

  // Newest first.
  const list = () =>
    [...new Set([...ids(), ...unkept.keys()])]
      .map(load)
      .filter((talk) => talk?.turns.length)
      .sort((one, other) => String(other.at).localeCompare(String(one.at)));

  // The talk is read again right before it is written: another tab may have gone on with it.
  const update = (id, change) => {
    const talk = load(id) ?? { id, turns: [] };
    change(talk);
    talk.at = new Date().toISOString();
    talk.title = titleOf(talk);
    const kept = write(talk);
    if (!kept) tellFull();
    changed(id);
    return talk;
  };

  const tellFull = () =>
    depeche.notice(depeche.words("talks.full"), {
      about: "full",
      action: depeche.words("talks.open"),
      act: () => depeche.openTalks(),
    });

  const remove = (id) => {
    const talk = load(id);
    unkept.delete(id);
    try {
      localStorage.removeItem(PREFIX + id);
    } catch {
      // nothing was kept
    }
    changed(id);
    return talk;
  };

  const putBack = (talks) => {
    if (!talks.every(write)) tellFull();
    changed(null);
  };

  addEventListener("storage", (event) => {
    if (event.key === null) changed(null); // everything was cleared
    else if (event.key.startsWith(PREFIX)) changed(event.key.slice(PREFIX.length));
  });

  depeche.talks = { list, load, update, remove, putBack };

  // Random even where the page came over plain http, without crypto.randomUUID.
  depeche.newId = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");

  // What belongs to this tab alone: the conversation open in it, a question not sent yet.
  const TAB = `depeche:${depeche.settings.store}:${user}:`;
  depeche.tab = {
    get: (name) => {
      try {
        return JSON.parse(sessionStorage.getItem(TAB + name));
      } catch {
        return null;
      }
    },
    set: (name, value) => {
      try {
        if (value === null) sessionStorage.removeItem(TAB + name);
        else sessionStorage.setItem(TAB + name, JSON.stringify(value));
      } catch {
        // it lasts as long as the page
      }
    },
  };
})();
