"""POST, GET and DELETE rebuild; POST corpus/back, to an earlier snapshot."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from index.errors import DepecheError, StoreBusy
from index.history import Snapshot, changes, rollback, snapshots
from index.snapshot import current_name
from index.types import Article
from qa.links import article_link
from ui.job import Job, Status
from ui.reply import Desk, refusal
from ui.trouble import trouble_of

# Of the articles that a rebuild changed; the page tells how many others there are.
_MAX_NAMED = 50


class Options(Protocol):
    """What is asked of the options of the chat."""

    @property
    def corpus(self) -> Path:
        """The folder of articles."""

    @property
    def store(self) -> Path:
        """The folder of snapshots."""

    @property
    def model(self) -> str | None:
        """Another embedder than that of the store."""

    @property
    def read_only(self) -> bool:
        """Whether nothing is rebuilt."""


def routes(desk: Desk, options: Options, job: Job | None = None) -> list[Route]:
    """Return the routes of rebuilding; `job` runs it, one of its own if left out."""
    rebuilding = Rebuilding(desk, options, job or Job())
    calls = {"POST": rebuilding.start, "GET": rebuilding.tell, "DELETE": rebuilding.cancel}

    async def rebuild(request: Request) -> Response:
        """Begin, tell of, or cancel the rebuild."""
        if options.read_only:
            return refusal("ReadOnly", 403)
        return await run_in_threadpool(calls[request.method])

    async def back(request: Request) -> Response:
        """Put another snapshot in force: the one named, else the one before."""
        if options.read_only:
            return refusal("ReadOnly", 403)
        return await run_in_threadpool(rebuilding.back, request.query_params.get("name") or None)

    return [
        Route("/rebuild", rebuild, methods=list(calls)),
        Route("/corpus/back", back, methods=["POST"]),
    ]


class Rebuilding:
    """The rebuild of one store, and what it changed."""

    def __init__(self, desk: Desk, options: Options, job: Job) -> None:
        """Rebuild the store of `options` with `job`."""
        self._desk, self._options, self._job = desk, options, job
        self._changed: tuple[str, dict[str, object]] | None = None

    def begin(self) -> bool:
        """Begin a rebuild; False when one is running."""
        options = self._options
        paths = [str(options.corpus.resolve()), str(options.store.resolve())]
        return self._job.start([*paths, self._model()], _name_in_force(options.store))

    def start(self) -> Response:
        """Begin a rebuild, unless one is running."""
        if not self.begin():
            return refusal("RebuildRunning", 409)
        return JSONResponse(self._record(), 202)

    def tell(self) -> Response:
        """Tell how the rebuild stands."""
        return JSONResponse(self._record())

    def cancel(self) -> Response:
        """Stop the rebuild."""
        if not self._job.cancel():
            return refusal("RebuildIdle", 409)
        return JSONResponse(self._record(), 202)

    def back(self, name: str | None) -> Response:
        """Put another snapshot in force."""
        store = self._options.store
        before = _name_in_force(store)
        try:
            if self._job.status().is_running:
                raise StoreBusy(store)
            now = rollback(store, name)
        except DepecheError as error:
            status = 409 if isinstance(error, StoreBusy) else 404
            return refusal(trouble_of(error), status)
        return JSONResponse({**self._record(), "snapshot": now, "changes": _changes(store, before)})

    def _model(self) -> str:
        """Return the model that the store was made with: another would make it another store."""
        if self._options.model is not None:
            return self._options.model
        try:
            return self._desk.open().index.model
        except DepecheError:
            return ""

    def _record(self) -> dict[str, object]:
        """Return how the rebuild stands, as JSON values."""
        status, store = self._job.status(), self._options.store
        return {
            **standing(status),
            "changes": self._changes_of(status),
            "snapshot": _name_in_force(store),
            "others": [] if status.is_running else _others(store),
        }

    def _changes_of(self, status: Status) -> dict[str, object] | None:
        """Return what a rebuild changed that is done; compared once, for all who ask."""
        if status.report is None:
            return None
        name = str(status.report["snapshot"])
        if self._changed is None or self._changed[0] != name:
            self._changed = name, _changes(self._options.store, status.before, name)
        return self._changed[1]


def standing(status: Status) -> dict[str, object]:
    """Return how a rebuild stands as JSON values; `error` is the key of a sentence."""
    return {
        "state": status.state,
        "step": status.step,
        "share": round(status.share, 3),
        "left": None if status.left is None else round(status.left),
        "error": status.error,
        "report": status.report and dict(status.report),
    }


def _name_in_force(store: Path) -> str:
    """Return the name of the snapshot in force, or nothing."""
    try:
        return current_name(store)
    except DepecheError:
        return ""


def _changes(store: Path, before: str, after: str | None = None) -> dict[str, object]:
    """Return the articles that are added, changed and removed from one snapshot to another."""
    try:
        compared = changes(store, before, after)
    except DepecheError:
        return {}  # the first one, or one that is gone: nothing to compare with
    return {
        "added": _named(compared.added),
        "changed": _named(compared.changed),
        "removed": _named(compared.removed),
    }


def _named(articles: Sequence[Article]) -> dict[str, object]:
    """Return how many articles there are, and the first of them."""
    named = [
        {"id": article.id, "title": article.title, "link": article_link(article.id)}
        for article in articles[:_MAX_NAMED]
    ]
    return {"count": len(articles), "articles": named}


def _others(store: Path) -> list[dict[str, object]]:
    """Return the snapshots that can be put in force instead, the newest first."""
    try:
        known = snapshots(store)
    except DepecheError:
        return []
    in_force = next((one.name for one in known if one.in_force), "")
    usable = [one for one in known if not one.in_force and one.problem is None]
    return [_snapshot(one, in_force) for one in reversed(usable)]


def _snapshot(snapshot: Snapshot, in_force: str) -> dict[str, object]:
    """Return a snapshot as JSON values."""
    return {
        "name": snapshot.name,
        "written": snapshot.written.isoformat(timespec="seconds"),
        "articles": snapshot.articles,
        "newer": snapshot.name > in_force,
    }
