"""The frame of the server: what `launch()` is told so that the guard stands before everything."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from index.address import folder_of
from ui import metrics
from ui.addresses import own_names
from ui.basic import Basic
from ui.counters import Counters
from ui.delays import Delays
from ui.enter import Entrance
from ui.guard import Guard, House, paths_of, user_of
from ui.health import Health
from ui.intake import Endpoint, Intake
from ui.mailbox import Mailbox
from ui.options import Options
from ui.sessions import Sessions

Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]
"""What is open as long as the server is; it is given the app."""


def launch_settings(
    options: Options,
    routes: Sequence[BaseRoute] = (),
    streamed: frozenset[str] = frozenset(),
    counters: Counters | None = None,
    endpoints: Mapping[str, Endpoint] | None = None,
    lifespan: Lifespan | None = None,
    mailbox: Mailbox | None = None,
) -> dict[str, Any]:
    """Return the arguments of `launch()` that have to do with who may ask for what.

    Args:
        options: how the chat is to be shown.
        routes: ours, with whole paths; they stand before Gradio's own.
        streamed: the paths of those routes that count what they are sent while they read it.
        counters: what the metrics tell; nothing if left out.
        endpoints: what programs may call, by name.
        lifespan: what is open as long as the server is.
        mailbox: what those endpoints were called for.
    """
    root, cookie = options.root, f"depeche-{options.port}"
    users, endpoints = options.users, endpoints or {}
    sessions = None if users is None else Sessions(users)
    kept = folder_of(options.store)
    delays, counters = Delays(), counters or Counters()
    counters.follow_store(options.store)
    routes = [Health(options.store).route(), metrics.route(counters), *routes]
    if users is not None and sessions is not None:
        counters.follow("sessions", "People who have entered.", sessions.count)
        entrance = Entrance(users, sessions, root=root, cookie=cookie, delays=delays)
        routes += entrance.routes()
    house = House(
        names=own_names(options.host, root),
        root=root,
        paths=paths_of(routes),
        streamed=streamed,
        sessions=sessions,
        cookie=cookie,
        basic=None if users is None else Basic(users, delays),
        endpoints=frozenset(endpoints),
    )
    return {
        "server_name": options.host,
        "server_port": options.port,
        "root_path": root.address,
        "auth_dependency": None if sessions is None else user_of,
        "enable_monitoring": False,
        # they would answer on ports of their own, where no guard stands
        "num_workers": 0,
        "blocked_paths": [str(path.resolve()) for path in (options.corpus, kept)],
        "app_kwargs": {
            "openapi_url": None,
            "middleware": [Middleware(Guard, house), Middleware(Intake, endpoints, mailbox)],
            "routes": routes,
            "lifespan": lifespan,
        },
    }
