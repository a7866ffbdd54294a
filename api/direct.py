"""The shortest way to a few busy routes: past the router and the dependencies of FastAPI.

They take about as long as all the rest of a small write. The routes are FastAPI's all the same: it documents
them, and they are tried there for every other method of their address.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import handle
from api.parameters import check_request

Endpoint = Callable[[Request], Awaitable[Response]]


class DirectRoutes:
    """Answers requests for some routes by their functions; passes on all others.

    Such a route has no variable in its path, and its function takes nothing but the request.
    """

    def __init__(self, app: ASGIApp, endpoints: Sequence[tuple[APIRoute, Endpoint]]) -> None:
        self._app = app
        self._found = {
            (method, route.path): (route, endpoint)
            for route, endpoint in endpoints
            for method in route.methods or ()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or passes the request on."""
        found = self._found.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        scope["route"], endpoint = found
        request = Request(scope, receive, send)
        try:
            await check_request(request)
            response = await endpoint(request)
        except Exception as error:  # noqa: BLE001 - what was not foreseen is raised again
            response = handle(request, error)
        await response(scope, receive, send)
