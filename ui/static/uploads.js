// Files added to the corpus: dropped anywhere on its page or chosen, sent one after the other. What
// became of each stands beside its name.
(() => {
  "use strict";

  const depeche = window.depeche;
  if (depeche.settings.readOnly) return;
  const { element } = depeche;
  const words = (key, places) => depeche.words(key, places);
  const byId = (id) => document.getElementById(id);

  let limits = { bytes: 0, files: 0, kinds: [] };
  let added = 0;

  // ---- One file: its line, its bytes, what the server says

  const tell = (line, text, kind = "") => {
    line.querySelector(".state").replaceChildren(text);
    line.className = kind;
  };

  const lineOf = (name) => {
    const line = element(
      "li",
      {},
      element("span", { class: "file", dir: "auto" }, name),
      " ",
      element("span", { class: "state", dir: "auto" }, words("uploads.waiting")),
    );
    byId("upload-list").append(line);
    return line;
  };

  const post = ({ file, path, line }, when) =>
    new Promise((resolve) => {
      const parameters = { name: path, language: depeche.language(), ...(when && { when }) };
      const request = new XMLHttpRequest();
      request.open("POST", depeche.url("corpus/files", parameters));
      request.responseType = "json";
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.upload.onprogress = ({ loaded, total }) => {
        if (!total) return;
        const share = Math.round((100 * loaded) / total);
        tell(line, share < 100 ? words("uploads.sending", { share }) : words("uploads.reading"));
      };
      const end = () => resolve({ status: request.status, body: request.response ?? {} });
      request.onload = end;
      request.onerror = end;
      request.send(file);
    });

  const whatHappened = ({ name, title, date, replaced, same }, path) => {
    if (same) return words("uploads.same");
    if (replaced) return words("uploads.replaced", { title, date });
    if (name !== path) return words("uploads.renamed", { name, title, date });
    return words("uploads.added", { title, date });
  };

  const refuse = (line, { error, reason }, status) => {
    const sentence =
      status === 0 ? words("corpus.unreachable") : depeche.sentence(error ?? "other");
    tell(line, reason ? `${sentence} (${reason})` : sentence, "refused");
  };

  // Another file has the name: the reader decides, the others go on meanwhile.
  const offer = (sent, name) => {
    const choice = (key, does) => {
      const button = element("button", { type: "button" }, words(`uploads.${key}`));
      button.setAttribute("aria-label", `${words(`uploads.${key}`)} : ${name}`);
      button.addEventListener("click", does);
      return button;
    };
    const again = (when) => async () => {
      tell(sent.line, words("uploads.waiting"));
      await send(sent, when);
      summarise();
    };
    tell(sent.line, words("uploads.exists", { name }), "asked");
    sent.line.querySelector(".state").append(
      element(
        "span",
        { class: "choices" },
        choice("replace", again("replace")),
        choice("both", again("both")),
        choice("skip", () => tell(sent.line, words("uploads.skipped"))),
      ),
    );
  };

  const send = async (sent, when = "") => {
    const { status, body } = await post(sent, when);
    if (status === 200 || status === 201) {
      if (!body.same) added += 1;
      tell(sent.line, whatHappened(body, sent.path), "taken");
    } else if (status === 409 && body.error === "FileExists") offer(sent, body.name);
    else if (status === 401) location.reload(); // to the way in, as in session.js
    else refuse(sent.line, body, status);
  };

  // ---- Many files

  const isRead = (path) => limits.kinds.some((kind) => path.toLowerCase().endsWith(kind));

  // What would be refused is not sent: a large file takes long to be refused.
  const check = ({ file, path, line }) => {
    if (!isRead(path)) refuse(line, { error: "FileKindUnknown" });
    else if (file.size > limits.bytes) refuse(line, { error: "FileTooLarge" });
    else return true;
    return false;
  };

  const summarise = (left = 0) => {
    const said = [];
    if (added) said.push(words("uploads.done", { count: added }));
    if (left) said.push(words("uploads.too-many", { count: left }));
    byId("upload-told").textContent = said.join(" ");
  };

  let sending = Promise.resolve();

  const take = (files) => {
    if (!files.length) return;
    const chosen = files.slice(0, limits.files).map((one) => ({ ...one, line: lineOf(one.path) }));
    sending = sending.then(async () => {
      for (const sent of chosen.filter(check)) await send(sent);
      summarise(files.length - chosen.length);
    });
  };

  // ---- Dropping: files, and folders with what is in them

  const entriesOf = (folder) =>
    new Promise((resolve) => {
      const reader = folder.createReader();
      const all = [];
      const more = () =>
        reader.readEntries(
          (some) => {
            if (!some.length) return resolve(all);
            all.push(...some);
            more();
          },
          () => resolve(all),
        );
      more();
    });

  const filesIn = async (entry, files) => {
    // one more than is taken tells that there were too many
    if (!entry || entry.name.startsWith(".") || files.length > limits.files) return;
    if (entry.isDirectory) {
      for (const inside of await entriesOf(entry)) await filesIn(inside, files);
      return;
    }
    const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
    if (file) files.push({ file, path: entry.fullPath.replace(/^\//, "") });
  };

  const dropped = async (transfer) => {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (!entries.length) return [...transfer.files].map((file) => ({ file, path: file.name }));
    const files = [];
    for (const entry of entries) await filesIn(entry, files);
    return files;
  };

  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");

  const listen = (page) => {
    const mark = (on) => byId("drop-zone").classList.toggle("over", on);
    page.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      mark(true);
    });
    page.addEventListener("dragleave", (event) => {
      if (!page.contains(event.relatedTarget)) mark(false);
    });
    page.addEventListener("drop", async (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      mark(false);
      take(await dropped(event.dataTransfer));
    });
    byId("corpus-files").addEventListener("change", (event) => {
      take([...event.target.files].map((file) => ({ file, path: file.name })));
      event.target.value = "";
    });
    // a file dropped beside the page must not take its place
    for (const kind of ["dragover", "drop"]) {
      addEventListener(kind, (event) => hasFiles(event) && event.preventDefault());
    }
  };

  // ---- Limits, told before anything is sent

  const showLimits = () => {
    const size = new Intl.NumberFormat(depeche.language(), {
      style: "unit",
      unit: "megabyte",
      unitDisplay: "short",
    }).format(limits.bytes / 1e6);
    const kinds = limits.kinds.join(", ");
    byId("corpus-files").accept = limits.kinds.join(",");
    byId("upload-limits").textContent = words("uploads.limits", { kinds, size, most: limits.files });
  };

  depeche.onMount("corpus", async (root) => {
    const parts = byId("corpus-keeping-parts").content.cloneNode(true);
    byId("corpus-keeping").replaceChildren(parts);
    depeche.label(byId("corpus-keeping"));
    listen(root.querySelector("#corpus-page"));
    document.dispatchEvent(new CustomEvent("depeche:keeping"));
    const reply = await depeche.call("corpus/files");
    if (!reply.body) return;
    limits = reply.body;
    showLimits();
    document.addEventListener("depeche:language", showLimits);
  });
})();
