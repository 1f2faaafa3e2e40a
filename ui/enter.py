"""The way in and the way out: who knows a password gets a cookie."""

import math
from urllib.parse import parse_qs, parse_qsl, quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from index.errors import UserNameInvalid
from ui.addresses import RootPath
from ui.delays import Delays
from ui.doors import ENTER, LEAVE, LOGIN
from ui.enter_page import POLICY, enter_page
from ui.language import Words, choose_language, languages, load_words
from ui.origins import address_of, is_https
from ui.refusal import tell
from ui.sessions import Sessions
from ui.users import Users, check_name

# A name and a password, percent-encoded.
_MAX_FORM_BYTES = 16_384

# The language chosen on this page, in its address.
_LANGUAGE = "language"


class Entrance:
    """The routes of the way in and out."""

    def __init__(
        self, users: Users, sessions: Sessions, *, root: RootPath, cookie: str, delays: Delays
    ) -> None:
        """Let `users` in, each with one of `sessions`, whose token is kept in `cookie`."""
        self._users = users
        self._sessions = sessions
        self._root = root
        self._cookie = cookie
        self._delays = delays

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(ENTER, self._show, methods=["GET"]),
            Route(ENTER, self._enter, methods=["POST"]),
            Route(LEAVE, self._leave, methods=["POST"]),
            Route(LOGIN, self._log_in, methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        """Show the form, or the chat to somebody who is in."""
        token = request.cookies.get(self._cookie, "")
        if token and self._sessions.find(token):
            return self._to_chat(request)
        return _page(request)

    async def _enter(self, request: Request) -> Response:
        """Let somebody in whose name and password fit; say no in the same words to any other."""
        words = _words(request)
        form = await _form(request, "name")
        if form is None:
            return _page(request, trouble=words("errors.TooLarge"), status=413)
        name, seconds = await self._look(request, *form)
        if seconds:
            answer = _page(request, form[0], words("enter.wait", count=seconds), 429)
            answer.headers["Retry-After"] = str(seconds)
            return answer
        if not name:
            return _page(request, form[0], words("enter.wrong"), 403)
        return self._let_in(request, name, self._to_chat(request))

    async def _log_in(self, request: Request) -> Response:
        """Let a program in that speaks as a client of Gradio does; it is told in JSON."""
        words = _words(request)
        form = await _form(request, "username")
        if form is None:
            return tell("TooLarge", words("errors.TooLarge"), 413)
        name, seconds = await self._look(request, *form)
        if seconds:
            sentence = words("enter.wait", count=seconds)
            return tell("TooManyAttempts", sentence, 429, {"Retry-After": str(seconds)})
        if not name:
            return tell("PasswordWrong", words("enter.wrong"), 401)
        return self._let_in(request, name, JSONResponse({"success": True}))

    async def _look(self, request: Request, typed: str, password: str) -> tuple[str, int]:
        """Return whose name and password these are, or nobody's; and the seconds to wait first."""
        address = address_of(request.scope, request.headers)
        name = _kept(typed)
        seconds = math.ceil(self._delays.wait(name, address))
        if seconds:
            return "", seconds
        self._delays.begin(name, address)
        if not await self._users.check(name, password):
            return "", 0
        self._delays.forgive(name, address)
        return name, 0

    def _let_in(self, request: Request, name: str, answer: Response) -> Response:
        """Open a session with `answer`; the one that this browser had before ends."""
        self._sessions.close(request.cookies.get(self._cookie, ""))
        answer.set_cookie(
            self._cookie,
            self._sessions.open(name),
            path=self._root.path or "/",
            secure=is_https(request.scope, request.headers, self._root),
            httponly=True,
            # strict would show the form again to whoever follows a link from a message; that no
            # other page can change anything here is the guard's work
            samesite="lax",
        )
        return answer

    async def _leave(self, request: Request) -> Response:
        """End the session."""
        self._sessions.close(request.cookies.get(self._cookie, ""))
        answer = RedirectResponse(f"{self._root.path}{ENTER}", 303)
        answer.delete_cookie(self._cookie, path=self._root.path or "/", httponly=True)
        return answer

    def _to_chat(self, request: Request) -> Response:
        """Lead to the chat, and to what it was asked to show."""
        kept = [pair for pair in parse_qsl(request.url.query) if pair[0] != _LANGUAGE]
        query = f"?{urlencode(kept, quote_via=quote)}" if kept else ""
        return RedirectResponse(f"{self._root.path}/{query}", 303)


def _page(request: Request, name: str = "", trouble: str = "", status: int = 200) -> Response:
    """Return the page with the form."""
    kept = [pair for pair in parse_qsl(request.url.query) if pair[0] != _LANGUAGE]
    links = {code: f"?{urlencode([*kept, (_LANGUAGE, code)])}" for code in languages()}
    html = enter_page(_words(request), links=links, name=name, trouble=trouble)
    return HTMLResponse(html, status, {"Content-Security-Policy": POLICY})


def _words(request: Request) -> Words:
    """Return the words of the language that was chosen, or else of the browser's."""
    chosen = request.query_params.get(_LANGUAGE, "")
    accepted = choose_language(request.headers.get("accept-language"))
    return load_words(chosen if chosen in languages() else accepted)


async def _form(request: Request, field: str) -> tuple[str, str] | None:
    """Read the name, sent as `field`, and the password; None when more was sent than these."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MAX_FORM_BYTES:
            return None
    fields = parse_qs(body.decode("utf-8", "replace"))
    return fields.get(field, [""])[0], fields.get("password", [""])[0]


def _kept(typed: str) -> str:
    """Return the name as the file of users has it; what is no name is nobody's."""
    try:
        return check_name(typed)
    except UserNameInvalid:
        return ""
