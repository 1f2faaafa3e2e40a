// The welcome: questions drawn from the articles, and what the filters offer.
(() => {
  "use strict";

  const depeche = window.depeche;

  const button = (question) => {
    const item = document.createElement("li");
    const element = document.createElement("button");
    element.type = "button";
    element.className = "example";
    element.dir = "auto";
    element.textContent = question;
    element.addEventListener("click", () => depeche.ask({ question }));
    item.append(element);
    return item;
  };

  const draw = (questions) => {
    document.getElementById("examples").replaceChildren(...questions.map(button));
    document.getElementById("examples-heading").hidden = !questions.length;
  };

  const tell = (error) => depeche.notice(depeche.sentence(error), { about: "store" });

  const load = async () => {
    const language = depeche.language();
    const response = await fetch(depeche.url("suggestions.json", { language }));
    const found = await response.json();
    if (language !== depeche.language()) return;
    if (!response.ok) return tell(found.error);
    depeche.unnotice("store");
    if (found.trouble) tell(found.trouble);
    draw(found.questions);
    document.dispatchEvent(new CustomEvent("depeche:choices", { detail: found }));
  };

  // A server that does not answer is told of when something is asked.
  const begin = () => load().catch(() => {});

  depeche.onMount("conversation", begin);
  document.addEventListener("depeche:language", begin);
  // a rebuild brings other articles
  document.addEventListener("depeche:rebuilt", begin);
})();
