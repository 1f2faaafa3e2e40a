// The corpus page: every article, found and sorted by the server, fifty at a time; the corpus in
// numbers, whose bars narrow questions. Loaded when it is first seen, and again after a rebuild.
(() => {
  "use strict";

  const depeche = window.depeche;
  const { element } = depeche;
  const words = (key, places) => depeche.words(key, places);
  const byId = (id) => document.getElementById(id);

  const asked = { search: "", sort: "", order: "ascending", from: 0, undated: "" };
  let latest = 0; // the list asked for last; earlier ones come too late

  // ---- The list

  const cell = (key, text, more = null) =>
    element("td", { "data-column": words(`corpus.${key}`) }, element("span", { dir: "auto" }, text), more);

  const row = (article) => {
    const title = element("a", { class: "read", href: article.link, dir: "auto" }, article.title);
    const file = element("span", { class: "file", dir: "auto" }, article.id);
    const count = cell("chunks", new Intl.NumberFormat(depeche.language()).format(article.chunks));
    count.className = "number";
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, title, file),
      cell("date", article.date),
      cell("origin", article.origin || "–"),
      cell("source", article.source || "–"),
      cell("language", article.language),
      count,
    );
  };

  const tellTrouble = (sentence) => {
    const trouble = byId("corpus-trouble");
    trouble.textContent = sentence ?? "";
    trouble.hidden = !sentence;
  };

  const showList = (list) => {
    byId("corpus-table").tBodies[0].replaceChildren(...list.articles.map(row));
    byId("corpus-table").hidden = list.found === 0;
    const last = list.from + list.articles.length;
    byId("corpus-range").textContent = list.found
      ? words("corpus.range", { first: list.from + 1, last, total: list.found })
      : words("corpus.nothing");
    asked.from = list.from;
    const previous = byId("corpus-previous");
    const next = byId("corpus-next");
    previous.disabled = list.from === 0;
    next.disabled = last >= list.found;
    previous.parentElement.hidden = previous.disabled && next.disabled;
    for (const button of document.querySelectorAll("#corpus-table [data-sort]")) {
      const sorted = button.dataset.sort === asked.sort;
      const column = button.closest("th");
      if (sorted) column.setAttribute("aria-sort", asked.order);
      else column.removeAttribute("aria-sort");
    }
  };

  const loadList = async () => {
    const request = (latest += 1);
    const reply = await depeche.call("corpus.json", { parameters: asked });
    if (request !== latest) return;
    tellTrouble(reply.sentence);
    if (reply.body) showList(reply.body);
  };

  const turnPage = async (by) => {
    asked.from = Math.max(0, asked.from + by * 50);
    await loadList();
    byId("listing-heading").focus({ preventScroll: true });
    byId("listing-heading").scrollIntoView({ block: "start" });
  };

  const sortBy = (column) => {
    const again = asked.sort === column && asked.order === "ascending";
    Object.assign(asked, { sort: column, order: again ? "descending" : "ascending", from: 0 });
    loadList();
  };

  // ---- Numbers

  // A number of the corpus narrows the next question: it is shown where that is asked.
  const narrow = (filter) => {
    depeche.filters.set(filter);
    depeche.go("conversation");
    depeche.composer.focus();
  };

  // What is counted, and a bar as long as its share; a button where a filter can name it.
  const bar = (most) => (item) => {
    const count = new Intl.NumberFormat(depeche.language()).format(item.count);
    const label = [
      element("span", { class: "label", dir: "auto" }, item.label),
      " ",
      element("span", { class: "count" }, count),
    ];
    const line = element("span", { class: "bar", "aria-hidden": "true" });
    line.style.setProperty("--share", item.count / most);
    if (!item.filter) return element("li", {}, element("span", { class: "item" }, ...label), line);
    const named = words("corpus.narrow", { label: item.label, number: count });
    const button = element("button", { type: "button", class: "item", title: named }, ...label);
    button.addEventListener("click", () => narrow(item.filter));
    return element("li", {}, button, line);
  };

  const bars = (kind, items) => {
    if (!items.length) return null;
    const most = Math.max(...items.map((item) => item.count));
    // on a phone the list of articles comes soon after
    const open = matchMedia("(min-width: 62rem)").matches;
    return element(
      "details",
      { class: "group", open },
      element("summary", {}, words(`corpus.${kind}`)),
      element("ul", {}, ...items.map(bar(most))),
    );
  };

  const showSkipped = ({ skipped, left_out: files }) => {
    const details = byId("corpus-skipped");
    details.hidden = skipped === 0;
    details.querySelector("summary").textContent = words("corpus.skipped", { count: skipped });
    details.querySelector("ul").replaceChildren(
      ...files.map(({ path, reason }) =>
        element(
          "li",
          {},
          element("span", { class: "file", dir: "auto" }, path),
          " ",
          element("span", { class: "reason", dir: "auto" }, reason),
        ),
      ),
    );
    const more = skipped - files.length;
    details.querySelector(".more").textContent = more
      ? words("corpus.skipped-more", { count: more })
      : "";
  };

  const showNumbers = (numbers) => {
    const undated = numbers.undated
      ? words("corpus.undated", { count: numbers.undated })
      : words("corpus.all-dated");
    byId("corpus-figures").replaceChildren(
      element("span", {}, words("corpus.articles", { count: numbers.articles })),
      element("span", {}, words("corpus.chunks", { count: numbers.chunks })),
      element("span", {}, undated),
    );
    byId("corpus-undated").closest("label").hidden = numbers.undated === 0;
    const groups = ["months", "languages", "sources", "origins"];
    byId("corpus-numbers").replaceChildren(
      ...groups.map((kind) => bars(kind, numbers[kind])).filter(Boolean),
    );
    showSkipped(numbers);
  };

  const loadNumbers = async () => {
    const [numbers, timeline] = await Promise.all([
      depeche.call("numbers.json"),
      depeche.call("timeline.json"),
    ]);
    tellTrouble(numbers.sentence);
    if (numbers.body) showNumbers(numbers.body);
    // the server has escaped it
    if (timeline.body) byId("corpus-timeline").innerHTML = timeline.body.html;
  };

  // ---- When

  let loaded = false;

  const load = () => {
    loaded = true;
    return Promise.all([loadList(), loadNumbers()]);
  };

  const mount = (root) => {
    const page = root.querySelector("#corpus-page");
    let typing;
    byId("corpus-search").addEventListener("input", (event) => {
      clearTimeout(typing);
      typing = setTimeout(() => {
        Object.assign(asked, { search: event.target.value, from: 0 });
        loadList();
      }, 200);
    });
    byId("corpus-undated").addEventListener("change", (event) => {
      Object.assign(asked, { undated: event.target.checked ? "1" : "", from: 0 });
      loadList();
    });
    byId("corpus-previous").addEventListener("click", () => turnPage(-1));
    byId("corpus-next").addEventListener("click", () => turnPage(1));
    page.querySelector("thead").addEventListener("click", (event) => {
      const button = event.target.closest("[data-sort]");
      if (button) sortBy(button.dataset.sort);
    });
    byId("corpus-timeline").addEventListener("depeche:filter", (event) => {
      event.stopPropagation();
      narrow(event.detail);
    });
    new IntersectionObserver((seen) => {
      if (!loaded && seen.some((one) => one.isIntersecting)) load();
    }).observe(page);
    document.addEventListener("depeche:language", () => loaded && load());
    // another snapshot is in force
    document.addEventListener("depeche:rebuilt", () => loaded && load());
  };

  depeche.onMount("corpus", mount);
})();
