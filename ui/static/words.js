// The words of the page, in the reader's language: what is labelled changes without the server.
(() => {
  "use strict";

  const depeche = (window.depeche ??= {});
  const { words } = depeche.settings;
  const KEY = "depeche:language";
  const FALLBACK = "en";

  // ---- Which language: the reader's choice, else the browser's first that is spoken here

  const chosen = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // a browser may keep nothing at all
    }
  };

  const wanted = [chosen(), ...navigator.languages.map((tag) => tag.split("-")[0].toLowerCase())];
  let language = wanted.find((code) => code && Object.hasOwn(words, code)) ?? FALLBACK;

  depeche.language = () => language;

  // Dates as the server writes them: "12 May" is read the same everywhere.
  depeche.date = (date, style) =>
    new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, style).format(date);

  // ---- Words, by their key; with a count, in the form that the language has for it

  const formOf = (count) => new Intl.PluralRules(language).select(count);

  const entryOf = (key, count) => {
    const known = words[language];
    if (count === undefined) return known[key];
    return known[`${key}.${formOf(count)}`] ?? known[`${key}.other`];
  };

  depeche.words = (key, places = {}) => {
    const entry = entryOf(key, places.count);
    if (entry === undefined) return undefined;
    return entry.replace(/\{(\w+)\}/g, (place, name) => {
      const value = places[name];
      if (typeof value === "number") return new Intl.NumberFormat(language).format(value);
      return value ?? place;
    });
  };

  // ---- Labels: an element names its words, they are put where they belong

  const LABELS = {
    word: (element, text) => (element.textContent = text),
    wordLabel: (element, text) => element.setAttribute("aria-label", text),
    wordTitle: (element, text) => element.setAttribute("title", text),
    wordPlaceholder: (element, text) => element.setAttribute("placeholder", text),
  };
  const LABELLED = "[data-word], [data-word-label], [data-word-title], [data-word-placeholder]";

  depeche.label = (root) => {
    for (const element of root.querySelectorAll(LABELLED)) {
      for (const [name, put] of Object.entries(LABELS)) {
        const key = element.dataset[name];
        if (key) put(element, depeche.words(key) ?? "");
      }
    }
  };

  const labelAll = () => {
    document.documentElement.lang = language;
    document.title = depeche.words("page.title");
    depeche.label(document);
    for (const button of document.querySelectorAll("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
  };

  depeche.speak = (code) => {
    if (!Object.hasOwn(words, code) || code === language) return;
    language = code;
    try {
      localStorage.setItem(KEY, code);
    } catch {
      // it lasts as long as the page
    }
    labelAll();
    document.dispatchEvent(new CustomEvent("depeche:language", { detail: { language } }));
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-language]");
    if (button) depeche.speak(button.dataset.language);
  });

  // ---- Parts of the page: Gradio mounts them one by one, each is labelled and then told of

  const mounted = new Map();
  const awaited = new Map();

  depeche.mount = (name, element) => {
    mounted.set(name, element);
    labelAll();
    for (const tell of awaited.get(name) ?? []) tell(element);
  };

  depeche.onMount = (name, tell) => {
    awaited.set(name, [...(awaited.get(name) ?? []), tell]);
    if (mounted.has(name)) tell(mounted.get(name));
  };

  depeche.url = (path, parameters = {}) => {
    const url = new URL(path, document.baseURI);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url;
  };
})();
