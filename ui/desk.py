"""The one open assistant that every visitor's questions go to."""

import logging
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.address import Place
from index.errors import DepecheError
from qa.journal import quiet, watching
from qa.settings import DEFAULT_READER
from qa.types import Answer
from ui.filters import Filters

if TYPE_CHECKING:
    from qa.assistant import Assistant

_logger = logging.getLogger(__name__)

# Any word makes the models load.
_WARM_UP_QUESTION = "Dépêche"


class Desk:
    """Opens the store when it is first needed, once, and answers questions from any thread."""

    def __init__(
        self, store: Place, model: str | None = None, reader: str = DEFAULT_READER
    ) -> None:
        """Remember which `store` to open, and the `model` and `reader` asked for."""
        self._store = store
        self._model = model
        self._reader = reader
        self._lock = threading.Lock()
        self._assistant: Assistant | None = None

    def open(self) -> "Assistant":
        """Return the assistant; a store that could not be opened is tried again each time.

        Raises:
            DepecheError: if the store cannot be opened.
        """
        import qa

        with self._lock:
            if self._assistant is None:
                self._assistant = qa.Assistant.open(
                    self._store, model=self._model, reader=self._reader
                )
            return self._assistant

    def ask(self, question: str, history: Sequence[tuple[str, str]], filters: Filters) -> Answer:
        """Answer `question` from the articles that `filters` let through.

        Raises:
            DepecheError: if the store cannot be opened or the question cannot be used.
        """
        try:
            assistant = self.open()
        except DepecheError as error:
            with watching("question", question):
                raise error
        return assistant.ask(question, history=history, **filters.arguments())

    def warm_up(self) -> threading.Thread:
        """Load the models in the background, so that the first question need not wait for it."""
        thread = threading.Thread(target=self._load, name="warm-up", daemon=True)
        thread.start()
        return thread

    def _load(self) -> None:
        """Open the store and ask something; what goes wrong is told to whoever asks next."""
        try:
            with quiet():
                self.open().retrieve(_WARM_UP_QUESTION, k=1)
        except DepecheError as error:
            _logger.warning("%s", error)
        except Exception:
            _logger.exception("warming up failed")
