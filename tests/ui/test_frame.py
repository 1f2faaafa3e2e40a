"""A real Gradio page behind the guard, started by launch() as the chat is."""

import asyncio
import json
import re
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
import httpx
import pytest
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from ui.frame import launch_settings
from ui.guard import user_of
from ui.options import Options
from ui.users import Users

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Start = Callable[..., httpx.Client]

_RELEASE = threading.Event()


async def _own(request: Request) -> Response:
    """Answer where Gradio has an address of its own."""
    return JSONResponse({"ours": True, "user": user_of(request)})


def count(text: str) -> Iterator[str]:
    """Answer once now, and once when the test has seen it."""
    yield f"first {text}"
    _RELEASE.wait(60)
    yield f"second {text}"


def who(request: gr.Request) -> str:
    """Answer the name that Gradio knows."""
    return str(request.username)


def page() -> gr.Blocks:
    with gr.Blocks(title="Frame", analytics_enabled=False) as blocks:
        box, out = gr.Textbox(label="Asked"), gr.Textbox(label="Told")
        button, name = gr.Button("Go"), gr.Button("Who")
        button.click(count, box, out, api_visibility="private")
        name.click(who, None, out, api_visibility="private")
        gr.HTML("<p>here</p>", server_functions=[count])
    blocks.queue()
    return blocks


def launch(options: Options) -> gr.Blocks:
    """Show the page; where no loop runs, Gradio would open some and leave them open."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _launch(options)).result()


async def _launch(options: Options) -> gr.Blocks:
    """Show the page."""
    blocks = page()
    blocks.launch(
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        ssr_mode=False,
        pwa=False,
        run_history=False,
        mcp_server=False,
        footer_links=[],
        **launch_settings(options, [Route("/config", _own), Route("/corpus.json", _own)]),
    )
    return blocks


@pytest.fixture(autouse=True)
def _count_no_events(monkeypatch: pytest.MonkeyPatch) -> None:
    # Gradio counts its events with options that pandas 3 deprecates
    monkeypatch.setenv("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")


@pytest.fixture
def start(free_port: Callable[[], int], tmp_path: Path) -> Iterator[Start]:
    """Return a function that launches the page with some options, and opens a client of it."""
    running: list[gr.Blocks] = []
    clients: list[httpx.Client] = []

    def launch_and_open(**given: Any) -> httpx.Client:  # noqa: ANN401  fields of Options
        port = given.pop("port", None) or free_port()
        options = Options(port=port, store=tmp_path / "store", corpus=tmp_path, **given)
        running.append(launch(options))
        address = f"http://127.0.0.1:{options.port}"
        headers = {"Origin": address}
        clients.append(httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60))
        return clients[-1]

    yield launch_and_open
    for client in clients:
        client.close()
    for blocks in running:
        blocks.close(verbose=False)


def proxy(target: str, *, strips: bool) -> Starlette:
    """Return a reverse proxy that serves `target` below /depeche, and streams."""

    async def pass_on(request: Request) -> Response:
        path = request.path_params["path"] if strips else request.url.path
        kept = [pair for pair in request.headers.raw if pair[0] not in (b"host", b"connection")]
        asked = app.state.client.build_request(
            request.method,
            httpx.URL(target).join(f"/{path.lstrip('/')}?{request.url.query}"),
            headers=[*kept, (b"x-forwarded-host", request.headers["host"].encode())],
            content=await request.body(),
        )
        answer = await app.state.client.send(asked, stream=True)
        passed = StreamingResponse(
            answer.aiter_raw(), answer.status_code, background=BackgroundTask(answer.aclose)
        )
        passed.raw_headers = [pair for pair in answer.headers.raw if pair[0] != b"connection"]
        return passed

    async def close() -> None:
        await app.state.client.aclose()

    methods = ["GET", "HEAD", "POST", "DELETE"]
    app = Starlette(
        routes=[Route("/depeche{path:path}", pass_on, methods=methods)],
        lifespan=_closing(close),
    )
    app.state.client = httpx.AsyncClient(trust_env=False, timeout=120)
    return app


def _closing(close: Callable[[], Awaitable[None]]) -> Callable[[Any], Any]:
    """Return what calls `close` when the server ends."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await close()

    return lifespan


def ask(client: httpx.Client, fn_index: int, *data: str) -> Iterator[dict[str, Any]]:
    """Ask through the queue, as the page does, and yield what comes back, as it comes."""
    body = {"data": list(data), "fn_index": fn_index, "session_hash": "abcdefghijk"}
    joined = client.post("/gradio_api/queue/join", json=body)
    assert joined.status_code == 200, joined.text
    with client.stream(
        "GET", "/gradio_api/queue/data", params={"session_hash": "abcdefghijk"}
    ) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            if line.startswith("data:"):
                yield json.loads(line.removeprefix("data:"))


def test_our_routes_stand_before_those_of_gradio_and_the_page_opens(start: Start) -> None:
    client = start()

    assert client.get("/config").json()["ours"] is True
    assert client.get("/corpus.json").json() == {"ours": True, "user": None}
    opened = client.get("/?deep_link=x&page=none")
    assert opened.status_code == 200
    assert "window.gradio_config" in opened.text
    assert opened.headers["content-security-policy"].startswith("default-src 'self'")


def test_answers_stream_through_the_guard_one_by_one(start: Start) -> None:
    client = start()
    _RELEASE.clear()
    told = []

    for message in ask(client, 0, "word"):
        if message["msg"] in ("process_generating", "process_completed"):
            told.append(json.dumps(message["output"]["data"]))
            # the second answer waits for the first one to be seen
            _RELEASE.set()
        if message["msg"] in ("process_completed", "close_stream"):
            break

    assert "first word" in told[0]
    assert any("second" in text for text in told[1:])


def test_close_ends_the_server_with_a_stream_open(
    free_port: Callable[[], int], tmp_path: Path
) -> None:
    _RELEASE.set()
    options = Options(port=free_port(), store=tmp_path / "store")
    blocks = launch(options)
    address = f"http://127.0.0.1:{options.port}"
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        answer = client.stream("GET", "/gradio_api/heartbeat/abcdefghijk")
        with answer as open_stream:
            assert open_stream.status_code == 200
            next(open_stream.iter_lines())

            began = time.monotonic()
            blocks.close(verbose=False)

    assert time.monotonic() - began < 30
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/health", trust_env=False, timeout=10)


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=http://127.0.0.1:9/x",
        "/gradio_api/file=https://example.org/x",
        "/gradio_api/deep_link?session_hash=abcdefghijk",
        "/gradio_api/openapi.json",
        "/gradio_api/info",
        "/openapi.json",
        "/monitoring/summary",
        "/monitoring",
        "/gradio_api/token",
    ],
)
def test_gradio_fetches_and_tells_nothing(start: Start, path: str) -> None:
    answer = start().get(path)

    assert (answer.status_code, answer.json()["error"]) == (404, "NotHere")


def test_functions_of_components_and_uploads_are_closed(start: Start) -> None:
    client = start()
    body = {"data": "x", "component_id": 5, "session_hash": "abcdefghijk", "fn_name": "count"}

    called = client.post("/gradio_api/component_server", json=body)
    sent = client.post("/gradio_api/upload", files={"files": ("a.txt", b"x")})

    assert (called.status_code, sent.status_code) == (404, 404)


def test_no_other_page_and_no_other_name_reaches_gradio(start: Start) -> None:
    client = start()
    body = {"data": ["x"], "fn_index": 0, "session_hash": "abcdefghijk"}

    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}):
        assert client.post("/gradio_api/queue/join", json=body, headers=headers).status_code == 403
        assert client.get("/", headers=headers).status_code == 403
    for path in ("/", "/assets/index-DphvyggB.js", "/gradio_api/app_id"):
        assert client.get(path, headers={"Host": "evil.example"}).status_code == 421


def test_assets_are_kept_by_the_browser_and_missing_ones_are_not(start: Start) -> None:
    client = start()
    script = re.findall(r'src="\./(assets/index-[^"]+\.js)"', client.get("/").text)[0]

    assert "immutable" in client.get(f"/{script}").headers["cache-control"]
    missing = client.get("/assets/index-Abcdefgh.js")
    assert (missing.status_code, missing.headers["cache-control"]) == (404, "no-store")


def test_with_users_launch_still_starts_and_gradio_knows_who_asks(
    start: Start, users_file: Path
) -> None:
    client = start(users=Users(users_file))

    assert client.get("/", headers={"Accept": "text/html"}).status_code == 303
    assert client.post("/gradio_api/queue/join", json={}).status_code == 401
    assert client.get("/health").status_code == 503
    client.post("/enter", data={"name": "anna", "password": "correct horse"})

    assert "window.gradio_config" in client.get("/").text
    for message in ask(client, 1):
        if message["msg"] == "process_completed":
            assert message["output"]["data"] == ["anna"]
            break


def test_behind_a_prefix_the_page_knows_its_address(start: Start) -> None:
    client = start(root_path="https://news.example/depeche")
    named = {"Host": "news.example", "Origin": "https://news.example"}

    for path in ("/", "/depeche/"):
        opened = client.get(path, headers=named)
        config = re.findall(r"window\.gradio_config = (\{.*?\});</script>", opened.text)[0]
        assert json.loads(config)["root"] == "https://news.example/depeche"
    assert client.get("/depeche/theme.css").status_code == 200


def test_a_browser_opens_the_page_and_asks_without_breaking_a_rule(
    start: Start, browser: "Browser"
) -> None:
    client = start()
    _RELEASE.set()
    address = str(client.base_url).rstrip("/")
    context = browser.new_context(locale="en-GB")
    opened = context.new_page()
    opened.set_default_timeout(120_000)
    wrong: list[str] = []
    opened.on("console", lambda message: message.type != "error" or wrong.append(message.text))
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on(
        "request",
        lambda request: request.url.startswith((address, "data:")) or wrong.append(request.url),
    )

    opened.goto(f"{address}/?article=a.txt")
    opened.get_by_label("Asked").fill("word")
    opened.get_by_role("button", name="Go").click()
    opened.wait_for_function(
        "() => [...document.querySelectorAll('textarea')].some((e) => e.value == 'second word')"
    )

    context.close()
    assert wrong == []


@pytest.mark.parametrize("strips", [True, False], ids=["strips_the_prefix", "keeps_the_prefix"])
def test_behind_a_proxy_a_browser_enters_and_asks(
    start: Start,
    run_app: Callable[[Starlette], str],
    free_port: Callable[[], int],
    users_file: Path,
    browser: "Browser",
    strips: bool,
) -> None:
    _RELEASE.set()
    port = free_port()
    outside = run_app(proxy(f"http://127.0.0.1:{port}", strips=strips))
    start(port=port, root_path=f"{outside}/depeche", users=Users(users_file))
    context = browser.new_context(locale="en-GB")
    opened = context.new_page()
    opened.set_default_timeout(120_000)
    strayed: list[str] = []
    opened.on(
        "request",
        lambda request: (
            request.url.startswith((f"{outside}/depeche/", "data:")) or strayed.append(request.url)
        ),
    )

    opened.goto(f"{outside}/depeche/?article=a.txt")
    opened.fill("#name", "anna")
    opened.fill("#password", "correct horse")
    opened.keyboard.press("Enter")
    opened.get_by_role("button", name="Who").click()
    opened.wait_for_function(
        "() => [...document.querySelectorAll('textarea')].some((e) => e.value == 'anna')"
    )

    assert opened.url == f"{outside}/depeche/?article=a.txt"
    cookies = context.cookies()
    assert [(cookie["name"], cookie["path"]) for cookie in cookies] == [
        (f"depeche-{port}", "/depeche")
    ]
    context.close()
    # Gradio names this one from the root of the host
    assert [url for url in strayed if not url.endswith("/manifest.json")] == []


def test_twenty_people_open_the_page_at_once(start: Start) -> None:
    client = start()

    with ThreadPoolExecutor(20) as people:
        answers = list(people.map(client.get, ["/"] * 20))

    assert [answer.status_code for answer in answers] == [200] * 20
