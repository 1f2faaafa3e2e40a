// The reader: a whole article in a dialog. Its address is the permanent link of the quote shown, so
// that Back closes it and a reload, or a colleague, opens it again. It needs nothing but its route.
(() => {
  "use strict";

  const depeche = (window.depeche ??= {});

  // A view is { id, places, near }: places as START-END-HASH-NUMBER, the one shown first in front.

  const ownPlace = (start, end, hash) => [start, end, hash].filter(Boolean).join("-");

  // What a link opens; null when it is none of ours.
  const viewOf = (url) => {
    const id = url.searchParams.get("article");
    if (id === null) return null;
    const place = new URLSearchParams(url.hash.slice(1));
    const quote = place.get("quote");
    return {
      id,
      places: quote === null ? [] : [ownPlace(quote, place.get("hash"))],
      near: place.get("passage") ?? "",
    };
  };

  const addressOf = ({ id, places, near }) => {
    const url = new URL(location.href);
    const [start, end, hash] = (places[0] ?? "").split("-");
    url.searchParams.set("article", id);
    url.hash = "";
    if (end) url.hash = `quote=${start}-${end}${hash ? `&hash=${hash}` : ""}`;
    else if (near) url.hash = `passage=${near}`;
    return url.href;
  };

  const addressWithout = () => {
    const url = new URL(location.href);
    url.searchParams.delete("article");
    url.hash = "";
    return url.href;
  };

  const requestOf = ({ id, places, near }) => {
    const url = new URL("article.html", document.baseURI);
    url.searchParams.set("id", id);
    places.forEach((place) => url.searchParams.append("quote", place));
    if (near) url.searchParams.set("near", near);
    const language = depeche.language?.();
    if (language) url.searchParams.set("language", language);
    return url;
  };

  // ---- The dialog, outside Gradio's own tree: nothing that it redraws can close it

  let opener = null;
  let asked = 0; // the request whose answer is shown; earlier ones come too late
  let gone = false; // the history has left the reader, and closes it

  const build = () => {
    const dialog = document.createElement("dialog");
    dialog.id = "reader";
    dialog.setAttribute("aria-labelledby", "reader-title");
    // the dialog itself is hit outside of what it shows
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", closed);
    dialog.addEventListener("keydown", stepByKey);
    document.body.append(dialog);
    return dialog;
  };

  const reader = () => document.getElementById("reader") ?? build();

  const load = async (view) => {
    const response = await fetch(requestOf(view), { headers: { Accept: "text/html" } });
    if (!response.headers.get("content-type")?.startsWith("text/html")) throw new Error("no page");
    return response.text();
  };

  const say = (key, otherwise) => depeche.words?.(key) ?? otherwise;

  const unreachable = () => {
    const parts = document.createElement("template");
    parts.innerHTML =
      '<header><form method="dialog"><button class="close"></button></form>' +
      '<h2 id="reader-title"></h2></header><div class="text notice"><p></p></div>';
    parts.content.querySelector("button").textContent = say("reader.close", "×");
    parts.content.querySelector("h2").textContent = say("reader.closed", "Dépêche");
    parts.content.querySelector("p").textContent = say("reader.unreachable", "…");
    return parts.content;
  };

  const show = async (view) => {
    const request = (asked += 1);
    opener ??= document.activeElement;
    document.documentElement.dataset.reading = "";
    const html = await load(view).catch(() => null);
    if (request !== asked) return;
    delete document.documentElement.dataset.reading;
    const dialog = reader();
    if (html === null) dialog.replaceChildren(unreachable());
    else dialog.innerHTML = html; // the server has escaped it
    if (!dialog.open) dialog.showModal();
    settle(dialog);
  };

  const hide = () => {
    asked += 1;
    delete document.documentElement.dataset.reading;
    const dialog = document.getElementById("reader");
    if (!dialog?.open) return;
    gone = true;
    dialog.close();
  };

  // ---- Quotes

  const toolsOf = (dialog) => [...dialog.querySelectorAll(".quotes .tools")];

  // Focus goes to the text: it scrolls by the arrow keys at once.
  const settle = (dialog) => {
    const text = dialog.querySelector(".text");
    (dialog.querySelector('.text[tabindex="0"]') ?? dialog.querySelector(".close"))?.focus({
      preventScroll: true,
    });
    text.scrollTop = 0;
    const tools = toolsOf(dialog);
    const first = tools.findIndex((one) => one.dataset.number === text.dataset.target);
    if (first >= 0 && text.dataset.target !== "") goTo(dialog, first);
    else {
      if (tools.length) goTo(dialog, 0, { scroll: false });
      text.querySelector(".near")?.scrollIntoView({ block: "center" });
    }
  };

  const goTo = (dialog, place, { scroll = true } = {}) => {
    const tools = toolsOf(dialog);
    tools.forEach((one, other) => (one.hidden = other !== place));
    const { number } = tools[place].dataset;
    const position = dialog.querySelector(".position");
    position.textContent = position.dataset.position
      .replace("{place}", place + 1)
      .replace("{count}", tools.length);
    dialog.querySelectorAll("mark.lit").forEach((mark) => mark.classList.remove("lit"));
    const marks = dialog.querySelectorAll(`mark[data-quotes~="${number}"]`);
    marks.forEach((mark) => mark.classList.add("lit"));
    if (scroll) marks[0]?.scrollIntoView({ block: "center" });
  };

  const step = (dialog, by) => {
    const tools = toolsOf(dialog);
    if (tools.length < 2) return;
    const place = tools.findIndex((one) => !one.hidden);
    const next = (place + by + tools.length) % tools.length;
    goTo(dialog, next);
    follow(tools[next].dataset.number);
  };

  // The address names the quote that is shown now.
  const follow = (number) => {
    const view = history.state?.reader ?? viewOf(new URL(location.href));
    const first = view?.places.find((place) => place.split("-")[3] === number);
    if (!first) return;
    const places = [first, ...view.places.filter((place) => place !== first)];
    const moved = { ...view, places };
    history.replaceState({ ...history.state, reader: moved }, "", addressOf(moved));
  };

  const stepByKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { n: 1, p: -1 }[event.key];
    if (by) step(event.currentTarget, by);
  };

  // ---- Opening and closing, in step with the history

  depeche.read = (view) => {
    const opened = { ...view, ours: true };
    opener = document.activeElement;
    history.pushState({ ...history.state, reader: opened }, "", addressOf(opened));
    return show(opened);
  };

  // The event comes a while after the closing: by then Forward may have been pressed.
  const closed = () => {
    const byHistory = gone;
    gone = false;
    if (byHistory) {
      if (history.state?.reader) return; // it is being opened again
    } else if (history.state?.reader?.ours) history.back();
    else if (viewOf(new URL(location.href))) {
      const { reader: _closed, ...state } = history.state ?? {};
      history.replaceState(state, "", addressWithout());
    }
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  };

  const shownByAddress = () => history.state?.reader ?? viewOf(new URL(location.href));

  addEventListener("popstate", () => {
    const view = shownByAddress();
    if (view) show(view);
    else hide();
  });

  // The quotes of a card travel with the one that was chosen.
  const viewOfLink = (link) => {
    const view = viewOf(new URL(link.href, document.baseURI));
    const places = (link.closest("[data-places]")?.dataset.places ?? "").split(" ").filter(Boolean);
    const chosen = places.find((place) => place.split("-")[3] === link.dataset.number);
    if (!chosen) return view;
    return { ...view, places: [chosen, ...places.filter((place) => place !== chosen)] };
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#reader .step");
    if (button) return step(reader(), button.classList.contains("next") ? 1 : -1);
    const link = event.target.closest?.("a.read");
    // another tab, a download: the browser's own affair
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
      return;
    }
    event.preventDefault();
    depeche.read(viewOfLink(link));
  });

  const begin = () => {
    const view = shownByAddress();
    if (view) show(view);
  };
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin, { once: true });
})();
