"""Who asks: the key of a request, and whether it may do this."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.coalescing import Coalesced
from api.composition import Services
from api.rate_limits import KnownKeys
from domain.errors import AccessDenied, KeyRequired, Unavailable
from ledger.keys import ROLES, Principal, Role

bearer = HTTPBearer(
    auto_error=False, description="A key made by `palimpsest keys create`.", scheme_name="key"
)


# What does not wait for anything is a coroutine: a plain function would cost a trip to another thread.
async def services(request: Request) -> Services:
    """The services of the running application."""
    opened: Services = request.app.state.services
    return opened


ServicesDep = Annotated[Services, Depends(services)]
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


async def _principal(request: Request, credentials: HTTPAuthorizationCredentials | None) -> Principal:
    if credentials is None:
        raise KeyRequired("Send a key: `Authorization: Bearer <key>`.")
    principals: Coalesced[str, Principal | None] = request.app.state.principals
    principal = await principals(credentials.credentials)
    keys: KnownKeys = request.app.state.keys
    keys.note(credentials.credentials, principal.id if principal else None)
    if principal is None:
        raise KeyRequired("This key is unknown or revoked.")
    return principal


def writer(
    role: Role,
) -> Callable[[Request, HTTPAuthorizationCredentials | None], Awaitable[Principal]]:
    """A dependency: the principal of a key that has at least this role."""

    async def allowed(request: Request, credentials: Credentials) -> Principal:
        return await allow(request, credentials, role)

    return allowed


def needs_key(role: Role) -> dict[str, list[dict[str, list[str]]]]:
    """The OpenAPI entry of a route that calls `allow` itself, and has no dependency that would say so."""
    return {"security": [{bearer.scheme_name: [role]}]}


async def allow(request: Request, credentials: HTTPAuthorizationCredentials | None, role: Role) -> Principal:
    """The principal of a key that has at least this role."""
    principal = await _principal(request, credentials)
    if ROLES.index(principal.role) < ROLES.index(role):  # each may do all that the ones before it may
        raise AccessDenied(f"This needs the role {role!r}; the key has {principal.role!r}.")
    return principal


async def reader(request: Request, opened: ServicesDep, credentials: Credentials) -> None:
    """A dependency: anybody, unless reading needs a key here."""
    if not opened.settings.public_read:
        await _principal(request, credentials)


async def still_reads(
    request: Request, opened: Services, credentials: HTTPAuthorizationCredentials | None
) -> bool:
    """Whether whoever is being answered may go on reading; yes while the database that knows is away."""
    try:
        await reader(request, opened, credentials)
    except KeyRequired:
        return False
    except Unavailable:
        pass
    return True


Reporter = Annotated[Principal, Depends(writer("reporter"))]
Editor = Annotated[Principal, Depends(writer("editor"))]
