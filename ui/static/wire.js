// The wire to the server, through one component of Gradio: a question goes out with a token, the
// answer with that token comes back. Whoever stops drops the token.
(() => {
  "use strict";

  const depeche = window.depeche;
  const waiting = new Map();
  let send = null;
  const unsent = [];

  depeche.connect = (trigger, watch, props) => {
    send = trigger;
    watch("value", () => receive(props.value));
    for (const [event, text] of unsent.splice(0)) trigger(event, text);
  };

  const receive = (text) => {
    const reply = JSON.parse(text);
    const resolve = waiting.get(reply.token)?.resolve;
    waiting.delete(reply.token);
    resolve?.(reply);
  };

  // A text, not an object: Gradio would look through it for files.
  const post = (event, message) => {
    const text = JSON.stringify(message);
    if (send) send(event, text);
    else unsent.push([event, text]);
  };

  const request = (event, message) =>
    new Promise((resolve, reject) => {
      waiting.set(message.token, { resolve, reject });
      post(event, { ...message, language: depeche.language() });
    });

  depeche.wire = {
    ask: (message) => request("ask", message),
    show: (records) => request("show", { token: depeche.newId(), records }),
    stop: (token) => {
      waiting.delete(token);
      post("stop", { token });
    },
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
