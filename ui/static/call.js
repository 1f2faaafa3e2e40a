// One request to our own server: what it answers, or the sentence that tells why it does not.
(() => {
  "use strict";

  const depeche = window.depeche;

  depeche.sentence = (key) =>
    depeche.words(`errors.${key}`) ?? depeche.words("errors.other") ?? String(key);

  depeche.call = async (path, { parameters = {}, ...options } = {}) => {
    const url = depeche.url(path, { language: depeche.language(), ...parameters });
    let response;
    try {
      response = await fetch(url, options);
    } catch {
      return { error: "unreachable", sentence: depeche.words("corpus.unreachable") };
    }
    const body = await response.json().catch(() => ({ error: "other" }));
    if (response.ok) return { body };
    return { ...body, status: response.status, sentence: depeche.sentence(body.error) };
  };

  // An element with its attributes and what is in it; texts are put in as texts.
  depeche.element = (name, attributes = {}, ...content) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === false || value === null || value === undefined) continue;
      element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...content.filter((part) => part !== null));
    return element;
  };
})();
