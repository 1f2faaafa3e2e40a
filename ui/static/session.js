// Who has entered: the name in the masthead, and the way in again when the session has ended.
(() => {
  "use strict";

  const depeche = window.depeche;
  const user = window.gradio_config?.username ?? "";

  // Gradio asks too, so this stands where every request passes. The server sends the page that is
  // loaded again to the way in; a question that is written or waits is kept in the tab.
  const ask = window.fetch;
  window.fetch = async (...request) => {
    const response = await ask(...request);
    if (response.status === 401) location.reload();
    return response;
  };

  depeche.onMount("masthead", () => {
    const form = document.getElementById("leave");
    form.hidden = !user;
    form.querySelector("bdi").textContent = user;
  });
})();
