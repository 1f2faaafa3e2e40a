// The rebuild: begun, followed and cancelled from any open page; what it changed; the way back.
(() => {
  "use strict";

  const depeche = window.depeche;
  if (depeche.settings.readOnly) return;
  const { element } = depeche;
  const words = (key, places) => depeche.words(key, places);
  const byId = (id) => document.getElementById(id);

  const POLL_MS = 1000;
  let known = null; // how the rebuild stood when it was last asked
  let timer;

  const isRunning = (status) => ["running", "cancelling"].includes(status?.state);

  // ---- How it stands

  const leftOf = (seconds) => {
    if (seconds === null) return "";
    if (seconds < 60) return words("rebuild.soon");
    return words("rebuild.left", { count: Math.round(seconds / 60) });
  };

  const stepOf = ({ state, step, share, left }) => {
    if (state === "cancelling") return words("rebuild.cancelling");
    if (!step) return words("rebuild.beginning");
    const named = { step: words(`rebuild.${step}`), share: Math.round(100 * share) };
    return [words("rebuild.share", named), leftOf(left)].filter(Boolean).join(" · ");
  };

  const showRunning = (status) => {
    const running = isRunning(status);
    byId("rebuild-running").hidden = !running;
    byId("rebuild-start").hidden = running;
    byId("rebuild-cancel").hidden = !running;
    if (!running) return;
    const progress = byId("rebuild-progress");
    if (status.step) progress.value = status.share;
    else progress.removeAttribute("value");
    byId("rebuild-step").textContent = stepOf(status);
  };

  // ---- What came of it

  const changed = (kind, { count, articles }) => {
    if (!count) return null;
    const items = articles.map(({ title, link }) => {
      // what was removed cannot be read any more
      const named = { dir: "auto", ...(kind !== "removed" && { class: "read", href: link }) };
      return element("li", {}, element(kind === "removed" ? "span" : "a", named, title));
    });
    if (count > items.length) {
      items.push(element("li", {}, words("rebuild.more", { count: count - items.length })));
    }
    return element(
      "details",
      { class: "changed" },
      element("summary", {}, words(`rebuild.${kind}`, { count })),
      element("ul", {}, ...items),
    );
  };

  const told = (sentence, changes = null) => {
    const kinds = changes?.added ? ["added", "changed", "removed"] : [];
    const lists = kinds.map((kind) => changed(kind, changes[kind])).filter(Boolean);
    byId("rebuild-told").replaceChildren(element("p", {}, sentence), ...lists);
  };

  const showEnd = (status) => {
    if (status.state === "done") {
      const { changes, report } = status;
      const same = changes?.added && !["added", "changed", "removed"].some((kind) => changes[kind].count);
      const sentences = [words(same ? "rebuild.unchanged" : "rebuild.done")];
      if (report?.warnings) sentences.push(words("rebuild.hindered"));
      told(sentences.join(" "), changes);
    } else if (status.state === "cancelled") told(words("rebuild.cancelled"));
    else if (status.state === "failed") told(depeche.sentence(status.error));
  };

  // ---- Other states of the index

  const dateOf = (written) =>
    depeche.date(new Date(written), { dateStyle: "long", timeStyle: "short" });

  const showOthers = (others) => {
    byId("rebuild-others").replaceChildren(
      ...others.map((other) => {
        const key = other.newer ? "rebuild.forward" : "rebuild.back";
        const label = words(key, { date: dateOf(other.written) });
        const count = words("corpus.articles", { count: other.articles });
        const button = element("button", { type: "button" }, label);
        button.addEventListener("click", () => goTo(other.name));
        return element("li", {}, button, " ", element("span", { class: "hint" }, count));
      }),
    );
  };

  const show = (status) => {
    showRunning(status);
    if (!isRunning(status)) showOthers(status.others);
  };

  // ---- Asking

  const rebuilt = () => document.dispatchEvent(new CustomEvent("depeche:rebuilt"));

  const heed = (status) => {
    const ended = isRunning(known) && !isRunning(status);
    const focused = ended && document.activeElement === byId("rebuild-cancel");
    // the new index is in force a moment before the rebuild says that it is done
    const elsewhere = known && known.snapshot !== status.snapshot;
    known = status;
    show(status);
    if (ended || (status.state !== "running" && !byId("rebuild-told").childElementCount)) {
      showEnd(status);
    }
    if (focused) byId("rebuild-start").focus();
    if (elsewhere) rebuilt();
    clearTimeout(timer);
    if (isRunning(status)) timer = setTimeout(look, POLL_MS);
  };

  const ask = async (path, options) => {
    const reply = await depeche.call(path, options);
    if (reply.body) heed(reply.body);
    else told(reply.sentence);
    return reply;
  };

  const look = async () => {
    if (document.visibilityState === "hidden") return;
    const reply = await depeche.call("rebuild");
    if (reply.body) heed(reply.body);
    else if (isRunning(known)) timer = setTimeout(look, POLL_MS); // the server may come back
  };

  const start = async () => {
    byId("rebuild-told").replaceChildren();
    const focused = document.activeElement === byId("rebuild-start");
    const reply = await ask("rebuild", { method: "POST" });
    if (focused && isRunning(reply.body)) byId("rebuild-cancel").focus();
    // somebody else began one: it is followed here too
    if (reply.status === 409) look();
  };

  const cancel = async () => {
    const reply = await depeche.call("rebuild", { method: "DELETE" });
    if (reply.body) heed(reply.body);
    else if (reply.status === 409) look(); // it ended before it was asked to: what came of it is told
    else told(reply.sentence);
  };

  const goTo = async (name) => {
    const reply = await depeche.call("corpus/back", { method: "POST", parameters: { name } });
    if (!reply.body) return told(reply.sentence);
    known = null;
    heed({ ...reply.body, state: "idle" });
    told(words("rebuild.went"), reply.body.changes);
    byId("rebuild-told").focus();
    rebuilt();
  };

  document.addEventListener("depeche:keeping", () => {
    byId("rebuild-start").addEventListener("click", start);
    byId("rebuild-cancel").addEventListener("click", cancel);
    new IntersectionObserver((seen) => {
      if (seen.some((one) => one.isIntersecting)) look();
    }).observe(byId("corpus-keeping"));
    document.addEventListener("visibilitychange", () => isRunning(known) && look());
    document.addEventListener("depeche:language", () => {
      if (!known) return;
      show(known);
      showEnd(known);
    });
  });
})();
