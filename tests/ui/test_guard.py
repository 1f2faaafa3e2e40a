import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from ui.addresses import own_names, read_root_path
from ui.guard import Guard, House, paths_of, user_of
from ui.sessions import Sessions
from ui.users import Users

RunApp = Callable[[Starlette], str]
Open = Callable[..., httpx.Client]

_PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

_RELEASE = threading.Event()


async def _tell(request: Request) -> Response:
    """Tell what came through."""
    return JSONResponse(
        {
            "path": request.scope["path"],
            "query": request.url.query,
            "user": user_of(request),
            "headers": sorted({name for name, _ in request.headers.items()}),
            "sent": len(await request.body()),
        }
    )


async def _events(_request: Request) -> Response:
    """Send one event now, and another when the test has seen it."""

    async def events() -> AsyncIterator[str]:
        yield "data: first\n\n"
        await asyncio.to_thread(_RELEASE.wait, 60)
        yield "data: second\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")


async def _own_headers(_request: Request) -> Response:
    """Answer with headers of its own."""
    return PlainTextResponse(
        "kept", headers={"Cache-Control": "max-age=60", "Content-Security-Policy": "sandbox"}
    )


async def _talk(socket: WebSocket) -> None:
    """Accept; the guard does not let it come to this."""
    await socket.accept()


_ROUTES = [
    Route("/", _tell, methods=["GET", "POST"]),
    Route("/corpus.json", _tell, methods=["GET", "POST", "DELETE"]),
    Route("/corpus/files", _tell, methods=["POST"]),
    Route("/events", _events),
    Route("/export", _own_headers),
    Route("/health", _tell),
    Route("/socket", _tell),
]
# what Gradio would answer to, if it were let
_BEHIND = [
    Route("/assets/{path:path}", _tell),
    Route("/static/{path:path}", _tell),
    Route("/gradio_api/{path:path}", _tell, methods=["GET", "POST"]),
    Route("/{path:path}", _tell, methods=["GET", "POST"]),
    WebSocketRoute("/socket", _talk),
]


@pytest.fixture
def guarded(run_app: RunApp) -> Iterator[Open]:
    """Return a function that serves a small app behind the guard, and opens a client of it."""
    clients: list[httpx.Client] = []

    def start(
        root_path: str = "",
        sessions: Sessions | None = None,
        host: str = "127.0.0.1",
        **patience: float,
    ) -> httpx.Client:
        root = read_root_path(root_path)
        house = House(
            names=own_names(host, root),
            root=root,
            paths=paths_of(_ROUTES),
            streamed=frozenset({"/corpus/files"}),
            sessions=sessions,
            cookie="depeche-7860",
            **patience,
        )
        app = Starlette(routes=_ROUTES + _BEHIND, middleware=[Middleware(Guard, house)])
        client = httpx.Client(base_url=run_app(app), trust_env=False, timeout=60)
        clients.append(client)
        return client

    yield start
    for client in clients:
        client.close()


@pytest.fixture
def client(guarded: Open) -> httpx.Client:
    return guarded()


def own_origin(client: httpx.Client) -> str:
    return str(client.base_url).rstrip("/")


def raw(client: httpx.Client, request: str) -> str:
    """Send `request` byte for byte, and return the first line of the answer."""
    address = (client.base_url.host, client.base_url.port or 0)
    with closing(socket.create_connection(address, timeout=60)) as connection:
        connection.sendall(request.encode("latin-1"))
        return connection.recv(65536).decode("latin-1").split("\r\n")[0]


# by which name


def test_a_request_by_a_name_of_ours_is_answered(client: httpx.Client) -> None:
    port = client.base_url.port

    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"):
        assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example"])
def test_a_name_that_was_rebound_to_this_machine_is_refused(
    client: httpx.Client, host: str
) -> None:
    for path in ("/", "/corpus.json", "/assets/index-DphvyggB.js", "/health"):
        answer = client.get(path, headers={"Host": host})

        assert answer.status_code == 421
        assert answer.json() == {"error": "HostForeign"}


def test_a_person_who_opened_another_name_is_told_what_to_do(client: httpx.Client) -> None:
    headers = {"Host": "desk.local", "Accept-Language": "fr", **_PAGE}

    answer = client.get("/", headers=headers)

    assert answer.status_code == 421
    assert "--root-path" in answer.text
    assert answer.text.startswith("Dépêche ne se connaît pas")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("", id="none"),
        pytest.param("Host: 127.0.0.1\r\nHost: evil.example\r\n", id="two"),
        pytest.param("Host: \r\n", id="empty"),
        pytest.param("Host: a@127.0.0.1\r\n", id="with_a_user"),
    ],
)
def test_a_request_names_one_host(client: httpx.Client, lines: str) -> None:
    status = raw(client, f"GET / HTTP/1.1\r\n{lines}Connection: close\r\n\r\n")

    assert status.split()[1] in ("400", "421")


# from which page


def test_a_page_of_ours_may_change_things(client: httpx.Client) -> None:
    for method in ("POST", "DELETE"):
        headers = {"Origin": own_origin(client), "Sec-Fetch-Site": "same-origin"}

        assert client.request(method, "/corpus.json", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param("http://evil.example", id="another_host"),
        pytest.param("null", id="a_page_of_no_host"),
        pytest.param("http://127.0.0.1:1", id="another_port"),
        pytest.param("http://localhost:1", id="another_name_and_port"),
        pytest.param("https://127.0.0.1:{port}", id="another_scheme"),
        pytest.param("http://127.0.0.1:{port}.evil.example", id="a_longer_name"),
        pytest.param("http://127.0.0.1:{port}/", id="more_than_an_origin"),
        pytest.param("", id="empty"),
        pytest.param(None, id="none"),
    ],
)
def test_no_other_page_may_change_anything(client: httpx.Client, origin: str | None) -> None:
    headers = {"Content-Type": "text/plain"}
    if origin is not None:
        headers["Origin"] = origin.format(port=client.base_url.port)

    for path in ("/", "/corpus.json", "/gradio_api/queue/join"):
        answer = client.post(path, headers=headers, content="{}")

        assert (answer.status_code, answer.json()) == (403, {"error": "OriginForeign"})


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_other_page_may_read_anything_but_lead_to_ours(client: httpx.Client, site: str) -> None:
    asked = {"Sec-Fetch-Site": site}
    followed = asked | {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    framed = asked | {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    scripted = asked | {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}

    assert client.get("/?article=a.txt", headers=followed).status_code == 200
    for headers in (asked, framed, scripted):
        assert client.get("/corpus.json", headers=headers).status_code == 403
    assert client.post("/corpus.json", headers=followed).status_code == 403


def test_who_reads_from_another_origin_is_refused_as_well(client: httpx.Client) -> None:
    answer = client.get("/corpus.json", headers={"Origin": "http://evil.example"})

    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


# what is open


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=http://169.254.169.254/latest",
        "/gradio_api/file=https://example.org",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file%3Dhttps://example.org",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=https://x.hf.space",
        "/gradio_api/upload",
        "/gradio_api/deep_link",
        "/gradio_api/component_server",
        "/gradio_api/component_server/",
        "/gradio_api/process_recording",
        "/gradio_api/custom_component/x/client/component/index.js",
        "/gradio_api/openapi.json",
        "/gradio_api/info",
        "/gradio_api/token",
        "/gradio_api/user",
        "/gradio_api/login_check",
        "/gradio_api/vibe-edit/",
        "/gradio_api/runs",
        "/gradio_api/call/ask",
        "/gradio_api/queue/status",
        "/gradio_api/dev/reload",
        "/openapi.json",
        "/docs",
        "/config",
        "/monitoring",
        "/monitoring/summary",
        "/svelte/x",
        "/login",
        "/logout",
        "/pwa_icon",
        "//gradio_api/queue/join",
        "/Gradio_api/queue/join",
        "/assets",
        "/corpus.json/",
        "/enter",
    ],
)
def test_what_is_not_ours_and_not_needed_is_not_there(client: httpx.Client, path: str) -> None:
    for answer in (
        client.get(path),
        client.post(path, headers={"Origin": own_origin(client)}, content="{}"),
    ):
        assert (answer.status_code, answer.json()["error"]) == (404, "NotHere")


@pytest.mark.parametrize(
    "path",
    [
        "/theme.css?v=1",
        "/assets/index-DphvyggB.js",
        "/static/js/iframeResizer.contentWindow.min.js",
        "/gradio_api/startup-events",
        "/gradio_api/queue/data?session_hash=x",
        "/gradio_api/app_id",
        "/gradio_api/heartbeat/x",
        "/corpus.json?sort=date",
    ],
)
def test_what_the_page_needs_is_there(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_the_page_does_not_hear_what_gradio_would_act_upon(client: httpx.Client) -> None:
    query = "article=a%26b.txt&deep_link=x&page=corpus&de%65p_link=y&at=corpus&page"

    assert client.get(f"/?{query}").json()["query"] == "article=a%26b.txt&at=corpus"
    assert client.get("/corpus.json?page=2").json()["query"] == "page=2"


def test_a_web_socket_is_closed(client: httpx.Client) -> None:
    status = raw(
        client,
        f"GET /socket HTTP/1.1\r\nHost: 127.0.0.1:{client.base_url.port}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    )

    assert status.split()[1] != "101"


def test_a_request_tells_its_size_and_is_not_too_large(client: httpx.Client) -> None:
    headers = {"Origin": own_origin(client)}
    limit = 4 * 2**20

    def parts() -> Iterator[bytes]:
        yield b"{}"

    full = client.post("/corpus.json", headers=headers, content=b"x" * limit)
    more = client.post("/corpus.json", headers=headers, content=b"x" * (limit + 1))
    chunked = client.post("/corpus.json", headers=headers, content=parts())
    streamed = client.post("/corpus/files", headers=headers, content=b"x" * (limit + 1))

    assert full.json()["sent"] == limit
    assert (more.status_code, more.json()) == (413, {"error": "TooLarge"})
    assert (chunked.status_code, chunked.json()) == (411, {"error": "LengthMissing"})
    assert streamed.json()["sent"] == limit + 1


# what is answered


def test_every_answer_carries_the_rules_of_the_browser(client: httpx.Client) -> None:
    for path in ("/", "/corpus.json", "/not-there"):
        headers = client.get(path).headers

        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "connect-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
        assert "http:" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"


def test_what_a_route_says_of_itself_stays(client: httpx.Client) -> None:
    headers = client.get("/export").headers

    assert headers["content-security-policy"] == "sandbox"
    assert headers["cache-control"] == "max-age=60"


def test_a_browser_keeps_what_never_changes_and_no_article(client: httpx.Client) -> None:
    def kept(path: str) -> str:
        return client.get(path).headers["cache-control"]

    assert kept("/assets/index-DphvyggB.js") == "public, max-age=31536000, immutable"
    assert kept("/assets/unhashed.js") == "no-cache"
    assert kept("/theme.css") == "no-cache"
    assert kept("/") == "no-store"
    assert kept("/corpus.json") == "no-store"
    assert kept("/not-there") == "no-store"


def test_events_come_through_one_by_one(client: httpx.Client) -> None:
    _RELEASE.clear()
    with client.stream("GET", "/events") as answer:
        lines = answer.iter_lines()

        # the second event waits for this one to be read
        assert next(lines) == "data: first"

        _RELEASE.set()
        assert [line for line in lines if line] == ["data: second"]
    assert answer.headers["x-accel-buffering"] == "no"
    assert "content-security-policy" in answer.headers


# behind a proxy


def test_without_a_proxy_its_headers_are_nobodys(client: httpx.Client) -> None:
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "10.0.0.1",
        "X-Gradio-Server": "http://evil.example",
        "Forwarded": "host=evil.example",
    }

    answer = client.get("/", headers=forged)

    assert answer.status_code == 200
    assert not {name.lower() for name in forged} & set(answer.json()["headers"])


@pytest.mark.parametrize("kept", [True, False], ids=["the_proxy_keeps_it", "the_proxy_strips_it"])
def test_a_prefix_is_the_same_whether_the_proxy_keeps_it_or_not(guarded: Open, kept: bool) -> None:
    client = guarded("https://news.example/depeche")
    prefix = "/depeche" if kept else ""
    origin = {"Host": "news.example", "Origin": "https://news.example"}

    assert client.get(f"{prefix}/").json()["path"] == "/"
    assert client.get(f"{prefix}/corpus.json").json()["path"] == "/corpus.json"
    assert client.post(f"{prefix}/corpus.json", headers=origin).status_code == 200
    assert client.get(f"{prefix}/config").status_code == 404


def test_a_page_whose_last_slash_is_missing_is_led_to_it(guarded: Open) -> None:
    answer = guarded("/depeche").get("/depeche?article=a%20b.txt")

    assert answer.status_code == 308
    assert answer.headers["location"] == "/depeche/?article=a%20b.txt"


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({"Host": "news.example"}, id="it_keeps_the_host"),
        pytest.param({}, id="it_puts_its_own_host"),
        pytest.param({"X-Forwarded-Host": "news.example"}, id="it_tells_the_host"),
    ],
)
def test_the_address_that_was_named_is_ours(guarded: Open, sent: dict[str, str]) -> None:
    client = guarded("https://news.example")

    own = client.post("/corpus.json", headers=sent | {"Origin": "https://news.example"})
    foreign = client.post("/corpus.json", headers=sent | {"Origin": "https://evil.example"})

    assert (own.status_code, foreign.status_code) == (200, 403)


def test_a_proxy_passes_on_no_foreign_name(guarded: Open) -> None:
    client = guarded("https://news.example")

    for headers in (
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example"},
        {"Host": "news.example", "X-Forwarded-Host": "evil.example, news.example"},
    ):
        assert client.get("/", headers=headers).status_code == 421
    assert (
        "x-gradio-server"
        not in client.get("/", headers={"X-Gradio-Server": "http://evil.example"}).json()["headers"]
    )


def test_behind_a_path_alone_the_page_may_come_by_https(guarded: Open) -> None:
    client = guarded("/depeche")
    number = {"X-Forwarded-Host": "10.0.0.7:8443", "Origin": "https://10.0.0.7:8443"}

    assert client.post("/corpus.json", headers=number).status_code == 200
    assert client.post("/corpus.json", headers={"Origin": "https://10.0.0.8"}).status_code == 403


# who has entered


@pytest.fixture
def sessions(users_file: Path) -> Sessions:
    return Sessions(Users(users_file))


def test_who_has_not_entered_sees_nothing(guarded: Open, sessions: Sessions) -> None:
    client = guarded(sessions=sessions)

    for path in ("/corpus.json", "/gradio_api/queue/data", "/assets/index-DphvyggB.js", "/"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()) == (401, {"error": "SessionMissing"})
    answer = client.post("/corpus.json", headers={"Origin": own_origin(client)})
    assert answer.status_code == 401


def test_a_person_is_led_to_the_way_in_and_the_link_is_kept(
    guarded: Open, sessions: Sessions
) -> None:
    client = guarded(sessions=sessions, root_path="/depeche")

    answer = client.get("/depeche/?article=a%20b.txt&page=x", headers=_PAGE)
    other = client.get("/corpus.json?sort=date", headers=_PAGE)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/depeche/enter?article=a%20b.txt"
    assert other.headers["location"] == "/depeche/enter"


def test_who_has_entered_is_known_by_name(guarded: Open, sessions: Sessions) -> None:
    client = guarded(sessions=sessions)
    client.cookies.set("depeche-7860", sessions.open("anna"))

    assert client.get("/corpus.json").json()["user"] == "anna"


@pytest.mark.parametrize("token", ["", "x", "anna", "é" * 50, "A" * 43])
def test_another_cookie_opens_nothing(guarded: Open, sessions: Sessions, token: str) -> None:
    client = guarded(sessions=sessions)
    sessions.open("anna")

    answer = client.get("/corpus.json", headers={"Cookie": f"depeche-7860={token}".encode()})

    assert answer.status_code == 401


def test_a_machine_may_ask_for_health_and_launch_for_its_events(
    guarded: Open, sessions: Sessions
) -> None:
    client = guarded(sessions=sessions)

    for path in ("/health", "/gradio_api/startup-events", "/manifest.json", "/gradio_api/app_id"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.json()["user"] is None


def test_where_nobody_needs_to_enter_nobody_has_a_name(client: httpx.Client) -> None:
    assert client.get("/corpus.json").json()["user"] is None


def test_what_is_announced_and_does_not_come_is_not_waited_for(guarded: Open) -> None:
    client = guarded(piece_seconds=0.1)
    url = client.base_url

    with closing(socket.create_connection((url.host, url.port or 80), timeout=60)) as slow:
        head = f"POST /corpus/files HTTP/1.1\r\nHost: {url.netloc.decode()}\r\n"
        head += f"Origin: {own_origin(client)}\r\nContent-Length: 100\r\n\r\nonly this"
        slow.sendall(head.encode())
        told = b""
        while piece := slow.recv(4096):  # until it is hung up on
            told += piece

    assert told.startswith(b"HTTP/1.1 408")
    assert b'"sentence":"' in told
    # and once a request is there, an answer may take as long as it likes
    with client.stream("GET", "/events") as events:
        lines = events.iter_lines()
        assert next(lines) == "data: first"
        threading.Timer(0.3, _RELEASE.set).start()
        assert "data: second" in list(lines)
    _RELEASE.clear()


def test_whoever_hangs_up_before_the_end_leaves_no_trace() -> None:
    async def read(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive, send).body()
        raise AssertionError("half a body is none")

    async def run() -> list[Message]:
        house = House(
            names=frozenset(),
            root=read_root_path(""),
            paths=frozenset({"/"}),
            streamed=frozenset(),
            sessions=None,
            cookie="c",
        )
        sent: list[Message] = []
        half = iter(
            [
                {"type": "http.request", "body": b"half", "more_body": True},
                {"type": "http.disconnect"},
            ]
        )

        async def receive() -> Message:
            return next(half)

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/", "query_string": b""}
        scope |= {"scheme": "http", "client": ("127.0.0.1", 1)}
        scope["headers"] = [(b"host", b"127.0.0.1"), (b"origin", b"http://127.0.0.1")]
        await Guard(read, house)(scope, receive, send)
        return sent

    with ThreadPoolExecutor(1) as beside:  # a browser may have left its loop in this thread
        assert beside.submit(lambda: asyncio.run(run())).result() == []
