// The filters: period, source, language, exact words. They add up, stay until they are cleared, and
// each one that is set shows as a chip.
(() => {
  "use strict";

  const depeche = window.depeche;
  const LISTS = ["sources", "languages", "words"];
  const ENDS = ["after", "before"];

  const none = () => ({ after: "", before: "", sources: [], languages: [], words: [], ignore: [] });

  let filters = none();

  // A tab keeps its own; what is stored may be of another version.
  const stored = depeche.tab.get("filters");
  for (const name of ENDS) if (typeof stored?.[name] === "string") filters[name] = stored[name];
  for (const name of LISTS) if (Array.isArray(stored?.[name])) filters[name] = stored[name].map(String);

  const field = (name) => document.getElementById(`filter-${name}`);

  // An article may declare what is no language at all.
  const languageName = (code) => {
    try {
      return new Intl.DisplayNames(depeche.language(), { type: "language" }).of(code);
    } catch {
      return code;
    }
  };

  // What a bar of a timeline set is spelled; what the reader typed stays as it is.
  const dayName = (value) => {
    const [, year, month, day] = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(value) ?? [];
    if (!year) return value;
    const style = { year: "numeric", month: "long", timeZone: "UTC", ...(day && { day: "numeric" }) };
    return depeche.date(new Date(Date.UTC(year, month - 1, day ?? 1)), style);
  };

  const spell = {
    after: (value) => `${depeche.words("filters.after")} ${dayName(value)}`,
    before: (value) => `${depeche.words("filters.before")} ${dayName(value)}`,
    sources: (value) => depeche.words("chips.source", { source: value }),
    languages: (value) => depeche.words("chips.articles-in", { language: languageName(value) }),
    words: (value) => depeche.words("chips.exact", { words: value }),
  };

  // ---- What is set

  const chosen = () => [
    ...ENDS.filter((name) => filters[name]).map((name) => [name, filters[name]]),
    ...LISTS.flatMap((name) => filters[name].map((value) => [name, value])),
  ];

  const chip = ([name, value]) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const text = document.createElement("bdi");
    text.textContent = spell[name](value);
    const label = depeche.words("filters.remove", { what: text.textContent });
    button.type = "button";
    button.className = "chip filter";
    button.title = label;
    button.setAttribute("aria-label", label);
    button.append(text);
    button.addEventListener("click", () => takeOff(name, value));
    item.append(button);
    return item;
  };

  // Focus stays in the bar when the chip under it goes.
  const takeOff = (name, value) => {
    drop({ filter: name, value });
    (document.querySelector("#chosen .chip") ?? field("after")).focus();
    depeche.say(depeche.words("filters.dropped", { what: spell[name](value) }));
  };

  const draw = () => {
    const list = document.getElementById("chosen");
    if (!list) return;
    list.replaceChildren(...chosen().map(chip));
    list.hidden = !chosen().length;
    document.getElementById("clear-filters").hidden = !chosen().length;
    const toggle = document.getElementById("toggle-filters");
    toggle.querySelector(".count").textContent = chosen().length ? ` (${chosen().length})` : "";
    // what is being written is not taken away
    for (const name of ENDS) {
      if (document.activeElement !== field(name)) field(name).value = filters[name];
    }
  };

  const keep = () => {
    depeche.tab.set("filters", filters);
    draw();
    document.dispatchEvent(new CustomEvent("depeche:filters", { detail: get() }));
  };

  const get = () => structuredClone(filters);

  const set = (patch) => {
    filters = { ...filters, ...patch };
    keep();
  };

  const without = (given, { filter, value, names, ignore, heed }) => {
    const left = structuredClone({ ...none(), ...given });
    const empty = (name) => (left[name] = none()[name]);
    if (filter === "all") [...ENDS, ...LISTS].forEach(empty);
    else if (filter === "period") ENDS.forEach(empty);
    else if (ENDS.includes(filter)) empty(filter);
    else if (LISTS.includes(filter)) left[filter] = left[filter].filter((one) => one !== value);
    names?.filter((name) => name in left).forEach(empty);
    if (ignore) left.ignore = [...new Set([...left.ignore, ignore])];
    if (heed) left.ignore = left.ignore.filter((part) => part !== heed);
    return left;
  };

  const drop = (change) => set({ ...without(filters, change), ignore: [] });

  // On a phone the fields open over the answers.
  const unfold = (open) => {
    document.getElementById("filters").classList.toggle("open", open);
    document.getElementById("toggle-filters").setAttribute("aria-expanded", String(open));
  };

  // What is typed and not entered yet counts too: whoever asks meant it.
  const commit = () => {
    unfold(false);
    const typed = Object.fromEntries(ENDS.map((name) => [name, field(name).value.trim()]));
    if (ENDS.some((name) => typed[name] !== filters[name])) set(typed);
    add("words", field("words").value);
    field("words").value = "";
    return get();
  };

  depeche.filters = { get, set, drop, without, commit, clear: () => set(none()) };

  // ---- The fields

  const add = (name, value) => {
    const text = value.trim();
    if (text && !filters[name].includes(text)) set({ [name]: [...filters[name], text] });
  };

  const pick = (name) =>
    field(name).addEventListener("change", (event) => {
      add(name, event.target.value);
      event.target.value = "";
    });

  const connect = () => {
    for (const name of ENDS) {
      field(name).addEventListener("change", (event) => set({ [name]: event.target.value.trim() }));
      field(name).addEventListener("input", () => depeche.unnotice(`filter-${name}`));
    }
    LISTS.forEach(pick);
    field("words").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      add("words", event.target.value);
      event.target.value = "";
    });
    document.getElementById("clear-filters").addEventListener("click", () => {
      depeche.filters.clear();
      depeche.say(depeche.words("filters.cleared"));
      document.getElementById("question").focus();
    });
    document.getElementById("toggle-filters").addEventListener("click", (event) => {
      unfold(event.currentTarget.getAttribute("aria-expanded") !== "true");
    });
    draw();
  };

  // ---- What there is to choose from, by the suggestions

  const option = (value, label) => new Option(label, value);

  const counted = ({ name, articles }, label = name) => option(name, `${label} (${articles})`);

  const offer = ({ sources, folders, languages }) => {
    const group = document.createElement("optgroup");
    group.label = depeche.words("filters.folders");
    group.append(...folders.map((folder) => counted(folder)));
    const any = option("", depeche.words("filters.any"));
    field("sources").replaceChildren(any, ...sources.map((source) => counted(source)));
    if (folders.length) field("sources").append(group);
    field("sources").disabled = !sources.length && !folders.length;
    field("languages").replaceChildren(
      any.cloneNode(true),
      ...languages.map((one) => counted(one, languageName(one.name))),
    );
  };

  document.addEventListener("depeche:choices", (event) => offer(event.detail));
  document.addEventListener("depeche:language", draw);
  depeche.onMount("conversation", connect);
})();
