"""What the tests of the whole page share: `app.py` as people start it, over real articles."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

_ROOT = Path(__file__).parents[3]

# Neither a hub nor a proxy: what the app needs is on this machine.
_NO_WAY_OUT = {
    "HF_HUB_OFFLINE": "1",
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
    "no_proxy": "",
    "NO_PROXY": "",
}

# The first question waits for the models; on a small machine that takes a while.
_FIRST_ANSWER_MS = 300_000

# Pictures for the README are taken on request only, so that a test run changes no file.
_DOCS = _ROOT / "docs" if os.environ.get("DEPECHE_SCREENSHOTS") else None

_GRAVE = frozenset({"serious", "critical"})

StartApp = Callable[..., str]
Ask = Callable[..., None]
Audit = Callable[["Page"], None]
Picture = Callable[["Page", str], None]


@pytest.fixture(scope="session")
def start_app(free_port: Callable[[], int]) -> Iterator[StartApp]:
    """Return a function that starts `app.py` with some options and returns where it is."""
    running = []

    def start(*options: str) -> str:
        command = [sys.executable, "app.py", "--port", str(free_port()), *options]
        app = subprocess.Popen(
            command,
            cwd=_ROOT,
            env=os.environ | _NO_WAY_OUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        running.append(app)
        assert app.stdout is not None
        line = app.stdout.readline()
        assert line.startswith("Dépêche is at http://127.0.0.1:"), line
        return line.split()[3]

    yield start
    for app in running:
        app.terminate()
    for app in running:
        app.communicate(timeout=60)


@pytest.fixture(scope="session")
def address(
    sample_store: Path, start_app: StartApp, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Start the chat over the sample articles and return where it is; nothing may change them."""
    store = tmp_path_factory.mktemp("read") / "store"
    shutil.copytree(sample_store, store)
    return start_app("--store", str(store), "--read-only")


@pytest.fixture(scope="session")
def ask() -> Ask:
    """Return a function that asks on a page and waits for the answer."""
    from playwright.sync_api import expect

    def send(page: "Page", question: str) -> None:
        answered = page.locator(".turn:not(.waiting)").count()
        page.locator("#question").fill(question)
        page.locator("#question").press("Enter")
        turns = page.locator(".turn:not(.waiting)")
        expect(turns).to_have_count(answered + 1, timeout=_FIRST_ANSWER_MS)

    return send


@pytest.fixture(scope="session")
def picture() -> Picture:
    """Return a function that takes a picture for the README when they are wanted."""

    def take(page: "Page", name: str) -> None:
        if _DOCS is not None:
            page.mouse.move(0, 0)
            page.screenshot(path=_DOCS / f"{name}.png")

    return take


@pytest.fixture(scope="session")
def audit() -> Audit:
    """Return a function that fails where axe-core finds a serious or critical issue."""
    axe: Any = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def look(page: "Page") -> None:
        found = axe.run(page).response["violations"]
        grave = [
            (violation["id"], violation["help"], [node["html"] for node in violation["nodes"]])
            for violation in found
            if violation["impact"] in _GRAVE
        ]
        assert grave == []

    return look
