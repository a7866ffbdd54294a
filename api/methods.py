"""HEAD wherever GET is, and the methods an address takes."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS_ONLY = "palimpsest.headers_only"
"""Set in the scope of a GET that was a HEAD, for an answer without an end to send its headers alone."""


class HeadAsGet:
    """Answers HEAD with the headers of GET, whichever route it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on as a GET, and its answer back without the body."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def bodiless(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # A copy: the server looks at its own scope to leave out the body.
        await self._app({**scope, "method": "GET", HEADERS_ONLY: True}, receive, bodiless)


def route_named(router: APIRouter, name: str) -> APIRoute:
    """The route of a router that this function answers."""
    [route] = [route for route in router.routes if isinstance(route, APIRoute) and route.name == name]
    return route


def note_routes(app: FastAPI, routes: list[APIRoute]) -> None:
    """Remembers the routes of the application, for `allowed_methods`."""
    app.state.routes = tuple(routes)


def allowed_methods(app: FastAPI, path: str) -> list[str]:
    """The methods that the address takes, of all its routes."""
    routes: tuple[APIRoute, ...] = app.state.routes
    methods = {method for route in routes if route.path_regex.match(path) for method in route.methods or ()}
    if "GET" in methods:
        methods.add("HEAD")
    return sorted(methods)
