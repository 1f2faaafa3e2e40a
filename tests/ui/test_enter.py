import base64
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ui.addresses import own_names, read_root_path
from ui.delays import Delays
from ui.enter import Entrance
from ui.guard import Guard, House, paths_of, user_of
from ui.sessions import Sessions
from ui.users import Users

Clock = Any  # the one of conftest.py

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Open = Callable[..., httpx.Client]

_RIGHT = {"name": "anna", "password": "correct horse"}
_WRONG = {"name": "anna", "password": "wrong horse"}


async def _chat(request: Request) -> Response:
    """Stand in for the page: say who is there, and offer to leave."""
    button = '<form method="post" action="leave"><button>Sign out</button></form>'
    icon = '<link rel="icon" href="data:,">'
    return HTMLResponse(f"<html lang=en><title>x</title>{icon}<p>{user_of(request)}</p>{button}")


@pytest.fixture
def serve_door(
    run_app: Callable[[Starlette], str], users_file: Path, clock: Clock
) -> Callable[..., str]:
    """Return a function that serves a page one has to enter, and gives its address."""

    def start(root_path: str = "") -> str:
        users, root = Users(users_file), read_root_path(root_path)
        sessions = Sessions(users)
        entrance = Entrance(users, sessions, root=root, cookie="depeche-7860", delays=Delays(clock))
        routes = [Route("/", _chat), Route("/health", _chat), *entrance.routes()]
        house = House(
            names=own_names("127.0.0.1", root),
            root=root,
            paths=paths_of(routes),
            streamed=frozenset(),
            sessions=sessions,
            cookie="depeche-7860",
        )
        return run_app(Starlette(routes=routes, middleware=[Middleware(Guard, house)]))

    return start


@pytest.fixture
def door(serve_door: Callable[..., str]) -> Iterator[Open]:
    """Return a function that opens a client of such a page."""
    clients: list[httpx.Client] = []

    def start(root_path: str = "", **headers: str) -> httpx.Client:
        address = serve_door(root_path)
        headers = {"Accept": "text/html", "Origin": address} | headers
        clients.append(httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60))
        return clients[-1]

    yield start
    for client in clients:
        client.close()


def test_the_right_password_opens_the_page_that_was_asked_for(door: Open) -> None:
    client = door()

    led = client.get("/?article=a%20b.txt&at=corpus")
    shown = client.get(led.headers["location"])
    entered = client.post(led.headers["location"], data=_RIGHT)

    assert (led.status_code, shown.status_code, entered.status_code) == (303, 200, 303)
    assert entered.headers["location"] == "/?article=a%20b.txt&at=corpus"
    assert "<p>anna</p>" in client.get(entered.headers["location"]).text


def test_the_cookie_is_for_this_server_and_not_for_scripts(door: Open) -> None:
    client = door()

    cookie = client.post("/enter", data=_RIGHT).headers["set-cookie"]

    token, *attributes = cookie.split("; ")
    assert re.fullmatch(r"depeche-7860=[A-Za-z0-9_-]{43}", token)
    assert set(attributes) == {"HttpOnly", "Path=/", "SameSite=lax"}


@pytest.mark.parametrize(
    ("root_path", "headers", "secure", "path"),
    [
        pytest.param("https://news.example/d", {}, True, "/d", id="an_address_with_https"),
        pytest.param("/d", {"X-Forwarded-Proto": "https"}, True, "/d", id="the_proxy_says_so"),
        pytest.param("/d", {}, False, "/d", id="nobody_says_so"),
        pytest.param("", {}, False, "/", id="no_proxy"),
    ],
)
def test_over_https_the_cookie_never_comes_over_http(
    door: Open, root_path: str, headers: dict[str, str], secure: bool, path: str
) -> None:
    client = door(root_path, **headers)

    answer = client.post("/enter", data=_RIGHT)

    attributes = answer.headers["set-cookie"].split("; ")
    assert ("Secure" in attributes) is secure
    assert f"Path={path}" in attributes
    assert answer.headers["location"] == f"{path.rstrip('/')}/"


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(_WRONG, id="another_password"),
        pytest.param({"name": "bruno", "password": "correct horse"}, id="another_name"),
        pytest.param({"name": "anna"}, id="no_password"),
        pytest.param({"name": "anna:x", "password": "correct horse"}, id="no_name"),
        pytest.param({}, id="nothing"),
    ],
)
def test_whatever_is_wrong_the_same_is_said_and_no_cookie_given(
    door: Open, form: dict[str, str]
) -> None:
    client = door()

    answer = client.post("/enter", data=form)

    assert answer.status_code == 403
    assert "do not go together" in answer.text
    assert 'role="alert"' in answer.text
    assert "set-cookie" not in answer.headers
    assert client.get("/").status_code == 303


def test_many_attempts_have_to_wait_and_the_right_one_too(door: Open, clock: Clock) -> None:
    client = door()
    for _ in range(2):
        assert client.post("/enter", data=_WRONG).status_code == 403

    refused = client.post("/enter", data=_RIGHT)

    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "1"
    assert "Try again in 1 second." in refused.text
    clock.seconds = 1
    assert client.post("/enter", data=_RIGHT).status_code == 303


def test_what_was_typed_as_a_name_is_shown_as_text(door: Open) -> None:
    name = '"><script>alert(1)</script>'

    answer = door().post("/enter", data={"name": name, "password": "hidden horse"})

    assert "<script" not in answer.text
    assert "&quot;&gt;&lt;script&gt;" in answer.text
    assert "hidden horse" not in answer.text


def test_a_form_that_is_far_too_long_is_refused(door: Open) -> None:
    answer = door().post("/enter", data={"name": "anna", "password": "x" * 20_000})

    assert answer.status_code == 413
    assert "too large" in answer.text


@pytest.mark.parametrize(
    ("accepted", "asked", "language", "words"),
    [
        pytest.param("fr-FR,fr;q=0.9", "", "fr", "Mot de passe", id="the_browsers"),
        pytest.param("en", "", "en", "Password", id="english"),
        pytest.param("en", "?language=fr", "fr", "Mot de passe", id="the_one_chosen"),
        pytest.param("fr", "?language=../x", "fr", "Mot de passe", id="one_that_is_none"),
    ],
)
def test_the_page_speaks_the_language_of_the_reader(
    door: Open, accepted: str, asked: str, language: str, words: str
) -> None:
    answer = door().get(f"/enter{asked}", headers={"Accept-Language": accepted})

    assert f'<html lang="{language}">' in answer.text
    assert words in answer.text


def test_the_language_can_be_chosen_and_the_link_is_kept(door: Open) -> None:
    client = door()

    page = client.get("/enter?article=a%26b.txt&language=en").text

    assert 'href="?article=a%26b.txt&amp;language=fr"' in page
    entered = client.post("/enter?article=a%26b.txt&language=fr", data=_RIGHT)
    assert entered.headers["location"] == "/?article=a%26b.txt"


@pytest.mark.parametrize(
    "query", ["next=https://evil.example", "//evil.example", "a=%0d%0aSet-Cookie:x=1"]
)
def test_no_address_leads_anywhere_else(door: Open, query: str) -> None:
    location = door().post(f"/enter?{query}", data=_RIGHT).headers["location"]

    assert location == "/" or location.startswith("/?")
    assert "\n" not in location


def test_every_field_has_its_label_and_tells_password_managers_what_it_is(
    door: Open, parse_html: Callable[[str], Any]
) -> None:
    client = door()
    for page in (client.get("/enter").text, client.post("/enter", data=_WRONG).text):
        tags = parse_html(page).tags
        labels = {attributes["for"] for tag, attributes in tags if tag == "label"}
        fields = {a["id"]: a for tag, a in tags if tag == "input"}

        assert labels == set(fields) == {"name", "password"}
        assert fields["name"]["autocomplete"] == "username"
        assert fields["password"]["autocomplete"] == "current-password"
        assert [tag for tag, _ in tags].count("h1") == 1
        described = {a.get("aria-describedby") for a in fields.values()} - {None}
        assert described <= {a.get("id") for _, a in tags}


def test_the_page_runs_no_script_and_its_style_is_the_one_it_allows(door: Open) -> None:
    answer = door().get("/enter")

    policy = answer.headers["content-security-policy"]
    style = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = sha256(style[0].encode()).digest()
    assert "<script" not in answer.text
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"sha256-([^']+)", policy) == [base64.b64encode(digest).decode()]
    assert answer.headers["cache-control"] == "no-store"


def test_who_is_in_needs_not_enter_again(door: Open) -> None:
    client = door()
    client.post("/enter", data=_RIGHT)

    answer = client.get("/enter?article=a.txt")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/?article=a.txt"


def test_who_leaves_is_out_and_the_cookie_is_worth_nothing(door: Open) -> None:
    client = door()
    client.post("/enter", data=_RIGHT)
    token = client.cookies["depeche-7860"]

    left = client.post("/leave")

    assert (left.status_code, left.headers["location"]) == (303, "/enter")
    assert "depeche-7860" not in client.cookies
    client.cookies.set("depeche-7860", token)
    assert client.get("/").status_code == 303


def test_another_page_can_neither_enter_nor_leave_for_somebody(door: Open) -> None:
    client = door()
    client.post("/enter", data=_RIGHT)
    foreign = {"Origin": "http://evil.example"}

    assert client.post("/leave", headers=foreign).status_code == 403
    assert client.post("/enter", data=_RIGHT, headers=foreign).status_code == 403
    assert client.get("/leave").status_code == 405
    assert client.get("/").status_code == 200


def test_entering_again_ends_the_session_before(door: Open) -> None:
    client = door()
    client.post("/enter", data=_RIGHT)
    before = client.cookies["depeche-7860"]

    client.post("/enter", data=_RIGHT)

    assert client.cookies["depeche-7860"] != before
    client.cookies.clear()
    client.cookies.set("depeche-7860", before)
    assert client.get("/").status_code == 303


def test_a_browser_without_scripts_enters_by_keyboard_and_leaves(
    serve_door: Callable[..., str], browser: "Browser"
) -> None:
    address = serve_door()
    # a link with a place in an article comes back after the form, place and all
    asked = f"{address}/?article={quote('a b.txt')}#quote=10-20"
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on(
        "request",
        lambda request: request.url.startswith((address, "data:")) or wrong.append(request.url),
    )

    page.goto(asked)
    page.wait_for_selector("#name:focus")
    page.keyboard.type("anna")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong horse")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert page.input_value("#name") == "anna"
    page.keyboard.type("correct horse")
    page.keyboard.press("Enter")
    page.wait_for_selector("p >> text=anna")
    assert page.url == asked

    page.click("button")
    page.wait_for_selector("#password")
    assert page.url == f"{address}/enter"
    context.close()
    assert [text for text in wrong if "403" not in text] == []
