"""Who asks: the key of a request, and whether it may do this."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.composition import Services
from domain.errors import AccessDenied, KeyRequired
from ledger.keys import ROLES, Principal, Role, verify_key

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


def _principal(opened: Services, credentials: HTTPAuthorizationCredentials | None) -> Principal:
    if credentials is None:
        raise KeyRequired("Send a key: `Authorization: Bearer <key>`.")
    with opened.database.connection() as connection:
        principal = verify_key(connection, credentials.credentials)
    if principal is None:
        raise KeyRequired("This key is unknown or revoked.")
    return principal


def writer(role: Role) -> Callable[[Services, HTTPAuthorizationCredentials | None], Principal]:
    """A dependency: the principal of a key that has at least this role."""

    def allowed(opened: ServicesDep, credentials: Credentials) -> Principal:
        principal = _principal(opened, credentials)
        if ROLES.index(principal.role) < ROLES.index(role):  # each may do all that the ones before it may
            raise AccessDenied(f"This needs the role {role!r}; the key has {principal.role!r}.")
        return principal

    return allowed


async def reader(opened: ServicesDep, credentials: Credentials) -> None:
    """A dependency: anybody, unless reading needs a key here."""
    if not opened.settings.public_read:
        await run_sync(_principal, opened, credentials)


Reporter = Annotated[Principal, Depends(writer("reporter"))]
Editor = Annotated[Principal, Depends(writer("editor"))]
