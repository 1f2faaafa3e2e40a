// The conversation as a file, or on paper: written by the server, which checks every quote again.
(() => {
  "use strict";

  const depeche = window.depeche;
  const { element } = depeche;

  const turnsOf = () => depeche.talks.load(depeche.current())?.turns ?? [];

  const write = async (format) => {
    // what the export does not show is not sent
    const records = turnsOf().map((record) => ({ ...record, follow_ups: [], feedback: null }));
    const address = document.baseURI;
    const body = JSON.stringify({ format, records, address, language: depeche.language() });
    const headers = { "Content-Type": "application/json" };
    let response;
    try {
      response = await fetch(depeche.url("export"), { method: "POST", headers, body });
    } catch {
      depeche.notice(depeche.words("corpus.unreachable"), { about: "export" });
      return null;
    }
    if (response.ok) return response.text();
    const { error } = await response.json().catch(() => ({ error: "other" }));
    depeche.notice(depeche.sentence(error), { about: "export" });
    return null;
  };

  // The first words of the first question tell files of several conversations apart.
  const nameOf = (format) => {
    const words = (turnsOf()[0]?.question ?? "").match(/[\p{L}\p{N}]+/gu) ?? [];
    const day = new Date().toISOString().slice(0, 10);
    return `depeche ${day} ${words.slice(0, 6).join(" ")}`.trim().slice(0, 80) + `.${format}`;
  };

  const save = async (format, type) => {
    const text = await write(format);
    if (text === null) return;
    const link = element("a", { download: nameOf(format) });
    link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    depeche.say(depeche.words("export.done"));
  };

  // In a frame that may run no script.
  const print = async () => {
    const text = await write("html");
    if (text === null) return;
    document.getElementById("print-frame")?.remove();
    const frame = element("iframe", {
      id: "print-frame",
      sandbox: "allow-same-origin allow-modals",
      title: depeche.words("export.print"),
      "aria-hidden": "true",
      tabindex: "-1",
      style: "position: fixed; width: 0; height: 0; border: 0",
    });
    frame.addEventListener("load", () => frame.contentWindow.print(), { once: true });
    frame.srcdoc = text;
    document.body.append(frame);
  };

  const acts = {
    markdown: () => save("md", "text/markdown"),
    html: () => save("html", "text/html"),
    print,
  };

  depeche.onMount("conversation", () => {
    const label = { "data-word-label": "export.legend" };
    const group = element("div", { id: "export", role: "group", hidden: true, ...label });
    for (const [name, act] of Object.entries(acts)) {
      const button = element("button", {
        type: "button",
        class: "act",
        "data-word": `export.${name}`,
      });
      button.addEventListener("click", act);
      group.append(button);
    }
    const turns = document.getElementById("turns");
    turns.after(group);
    depeche.label(group.parentElement);
    const show = () => (group.hidden = turns.childElementCount === 0 || turnsOf().length === 0);
    new MutationObserver(show).observe(turns, { childList: true, subtree: true });
    show();
  });
})();
