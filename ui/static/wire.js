// The wire to the server, through one component of Gradio: a question goes out with a token, the
// answer with that token comes back. Whoever stops drops the token.
(() => {
  "use strict";

  const depeche = window.depeche;
  const waiting = new Map();
  const senders = new Map(); // by event: which component takes it
  const unsent = [];

  depeche.connect = (trigger, watch, props, events) => {
    for (const event of events) senders.set(event, trigger);
    watch("value", () => receive(props.value));
    for (const [event, text] of unsent.splice(0)) send(event, text);
  };

  // What goes on is told as it comes, and ends with a reply like any other.
  const receive = (text) => {
    const reply = JSON.parse(text);
    const asked = waiting.get(reply.token);
    if (reply.goesOn) return asked?.told?.(reply);
    waiting.delete(reply.token);
    asked?.resolve(reply);
  };

  const send = (event, text) => {
    if (senders.has(event)) senders.get(event)(event, text);
    else unsent.push([event, text]);
  };

  // A text, not an object: Gradio would look through it for files.
  const post = (event, message) => send(event, JSON.stringify(message));

  const request = (event, message, told = null) =>
    new Promise((resolve, reject) => {
      waiting.set(message.token, { resolve, reject, told });
      post(event, { ...message, language: depeche.language() });
    });

  // The reply to what is called off is nobody's any more.
  const callOff = (event, token) => {
    waiting.delete(token);
    post(event, { token });
  };

  depeche.wire = {
    ask: (message) => request("ask", message),
    show: (records) => request("show", { token: depeche.newId(), records }),
    stop: (token) => callOff("stop", token),
    write: (token, record, told) => request("write", { token, record }, told),
    halt: (token) => callOff("halt", token),
  };

  // Gradio tells of a lost connection in a toast only, which is hidden: it speaks English.
  const lost = () => {
    const cut = [...waiting.values()];
    waiting.clear();
    for (const { reject } of cut) reject(new Error("lost"));
    document.dispatchEvent(new CustomEvent("depeche:lost"));
  };

  const watchToasts = () => {
    const isToast = (node) =>
      node instanceof Element &&
      (node.matches('[data-testid="toast-body"]') ||
        node.querySelector('[data-testid="toast-body"]') !== null);
    new MutationObserver((changes) => {
      if (changes.some((change) => [...change.addedNodes].some(isToast))) lost();
    }).observe(document.body, { childList: true, subtree: true });
  };

  if (document.body) watchToasts();
  else addEventListener("DOMContentLoaded", watchToasts, { once: true });
})();
