"""Where people need a password, so do programs: by HTTP Basic, or as Gradio's client gives it."""

import asyncio
import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from gradio_client.exceptions import AuthenticationError
from starlette.datastructures import Headers
from starlette.responses import Response

import ui.chat
from ui.basic import Basic, read_credentials
from ui.delays import Delays
from ui.line import Line
from ui.users import Users

Calling = Any  # that of conftest.py
Caller = Any  # of Gradio
WithTools = Any
ToolClient = Any  # of the protocol

QUESTION = "what was signed on 12 May?"
_RIGHT = ("anna", "correct horse")
_PATHS = ("ask", "retrieve", "article", "status", "build", "gradio_api/call/ask", "mcp")


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory, user_line: Callable[[str, str], str]) -> Users:
    path = tmp_path_factory.mktemp("users") / "users"
    path.touch(mode=0o600)
    names = ("anna", "berta", "carla", "dora")
    path.write_text("".join(user_line(name, "correct horse") for name in names), encoding="utf-8")
    return Users(path)


class WatchedLine(Line):
    """A line that remembers who stood in it."""

    stood: ClassVar[list[str]] = []

    async def ask(self, token: str, work: Callable[[], Any], asker: str = "") -> Any:  # noqa: ANN401
        self.stood.append(asker)
        return await super().ask(token, work, asker)


@pytest.fixture(scope="module")
def address(serve_chat: Callable[..., str], users: Users) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ui.chat, "Line", WatchedLine)
        return f"{serve_chat(users=users, root_path='/depeche')}depeche/"


def basic(name: str, password: str) -> dict[str, str]:
    encoded = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {encoded}"}


def post(address: str, path: str, body: object, **headers: str) -> httpx.Response:
    return httpx.post(
        f"{address}{path}", json=body, headers=headers, trust_env=False, verify=False, timeout=60
    )


@pytest.mark.parametrize("path", _PATHS)
def test_without_a_password_nothing_is_told(address: str, path: str) -> None:
    answer = post(address, path, {"question": QUESTION})

    assert (answer.status_code, answer.json()["error"]) == (401, "PasswordMissing")
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert answer.json()["sentence"].startswith("This address asks for a name and a password.")


def test_the_catalogue_of_gradio_is_for_those_who_enter(address: str) -> None:
    for path in ("config", "gradio_api/info", "gradio_api/queue/data?session_hash=x"):
        answer = httpx.get(f"{address}{path}", trust_env=False, verify=False, timeout=60)

        assert (answer.status_code, answer.json()["error"]) == (401, "PasswordMissing")


def test_the_right_password_opens_each_door(
    address: str, calling: Calling, with_tools: WithTools
) -> None:
    told = post(address, "ask", {"question": QUESTION}, **basic(*_RIGHT)).json()

    with calling(address, headers=basic(*_RIGHT)) as client:
        assert client.predict(QUESTION, api_name="/ask") == told
    with calling(address, auth=_RIGHT) as client:
        assert client.predict(QUESTION, api_name="/ask") == told

    async def use(tools: ToolClient) -> None:
        result = await tools.call_tool("ask", {"question": QUESTION})
        assert result.structured_content == told

    with_tools(address, use, basic(*_RIGHT))
    # where only the proxy knows the address, links begin at the page
    assert told["citations"][0]["link"].startswith("?article=")
    # and whichever door somebody takes, they stand in line as themselves
    assert WatchedLine.stood
    assert set(WatchedLine.stood) == {"program anna"}


def test_a_wrong_password_is_told_and_soon_costs_time(address: str, calling: Calling) -> None:
    with (
        pytest.raises(AuthenticationError, match="Invalid credentials"),
        calling(address, auth=("berta", "wrong")),
    ):
        pass
    first = post(address, "ask", {"question": QUESTION}, **basic("carla", "wrong horse"))
    others = [
        post(address, path, {}, **basic("carla", f"wrong {number}"))
        for number, path in enumerate(("retrieve", "mcp", "status"))
    ]

    assert (first.status_code, first.json()["error"]) == (401, "PasswordWrong")
    assert others[-1].status_code == 429
    assert int(others[-1].headers["retry-after"]) >= 1
    assert others[-1].json()["sentence"].startswith("Too many attempts.")


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"Basic",
        b"Basic \xe9",
        b"Basic !!!!",
        b"Basic YW5uYQ==",  # no colon
        b"Basic OmE=",  # no name
        b"Basic /////w==",  # no text
        b"Bearer YW5uYTpjb3JyZWN0IGhvcnNl",
        b"Basic " + base64.b64encode(b"x" * 50_000),
    ],
)
def test_what_is_no_name_and_password_is_asked_for_them(address: str, header: bytes) -> None:
    answer = httpx.post(
        f"{address}status",
        json={},
        headers={b"Authorization": header},
        trust_env=False,
        verify=False,
        timeout=60,
    )

    assert (answer.status_code, answer.json()["error"]) == (401, "PasswordMissing")


def test_a_password_may_have_colons_and_letters_of_any_kind() -> None:
    for password in ("a:b", ":", "", "mật khẩu \U0001f511"):
        header = basic("anna", password)["Authorization"]

        assert read_credentials(header) == ("anna", password)


def test_the_login_of_gradios_client_is_slowed_down_as_well(address: str) -> None:
    answers = [
        httpx.post(
            f"{address}login",
            data={"username": "dora", "password": f"wrong {number}"},
            trust_env=False,
            verify=False,
            timeout=60,
        )
        for number in range(3)
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert "set-cookie" not in answers[0].headers
    assert answers[0].json()["sentence"].startswith("This name and this password do not go")


def test_no_page_of_somebody_else_logs_anybody_in(address: str) -> None:
    form = {"username": "anna", "password": "correct horse"}

    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Accept": "text/html,*/*;q=0.8"},
        {"Content-Type": "text/plain"},
    ):
        answer = httpx.post(
            f"{address}login", data=form, headers=headers, trust_env=False, verify=False, timeout=60
        )
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


def test_more_than_a_form_is_not_read(address: str) -> None:
    form = {"username": "anna", "password": "x" * 20_000}

    answer = httpx.post(f"{address}login", data=form, trust_env=False, verify=False, timeout=60)

    assert (answer.status_code, answer.json()["error"]) == (413, "TooLarge")


def test_a_script_of_our_page_is_not_asked_for_a_password_by_the_browser(address: str) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}

    answer = httpx.get(
        f"{address}config", headers=headers, trust_env=False, verify=False, timeout=60
    )

    assert (answer.status_code, answer.json()) == (401, {"error": "SessionMissing"})
    assert "www-authenticate" not in answer.headers


def test_many_requests_at_once_with_the_right_password_are_no_attempts(address: str) -> None:
    with ThreadPoolExecutor(12) as threads:
        asked = [threads.submit(post, address, "status", {}, **basic(*_RIGHT)) for _ in range(24)]

        assert {one.result().status_code for one in asked} == {200}


def test_who_gets_another_password_is_out_at_once(
    users_file: Path, user_line: Callable[[str, str], str]
) -> None:
    known = Basic(Users(users_file), Delays())
    headers = Headers(basic(*_RIGHT))

    def find() -> str | Response:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, known.find({}, headers)).result()  # type: ignore[arg-type]

    found = [find(), find()]
    users_file.write_text(user_line("anna", "another horse"), encoding="utf-8")

    assert found == ["anna", "anna"]
    assert isinstance(find(), Response)
