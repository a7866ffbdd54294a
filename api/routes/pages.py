"""The pages for people: the API explorer, with nothing from any other host."""

from __future__ import annotations

from functools import cache
from importlib import resources

import fastapi_swagger
from fastapi import APIRouter, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

from api.security_headers import CSP, page_policy
from domain.errors import NotFound

router = APIRouter(include_in_schema=False)

ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}
A_DAY = {"Cache-Control": "public, max-age=86400"}


# Every address is relative to the page, so that it works behind a proxy with a path of its own.
@router.get("/docs")
async def get_docs(request: Request) -> HTMLResponse:
    """The API explorer."""
    page = get_swagger_ui_html(
        openapi_url="openapi.json",
        title=f"{request.app.title}: the API",
        swagger_js_url="docs/swagger-ui-bundle.js",
        swagger_css_url="docs/swagger-ui.css",
        swagger_favicon_url="docs/favicon-32x32.png",
        swagger_ui_parameters={
            "filter": True,
            "persistAuthorization": True,
            "tryItOutEnabled": True,
            "validatorUrl": None,  # the default sends the document's address to a service elsewhere
        },
    )
    page.headers[CSP] = page_policy(bytes(page.body).decode())
    return page


@router.get("/docs/{name}")
async def get_asset(name: str) -> Response:
    """A file of the API explorer."""
    if name not in ASSETS:
        raise NotFound("page", name)
    return Response(_read_asset(name), media_type=ASSETS[name], headers=A_DAY)


@cache
def _read_asset(name: str) -> bytes:
    return resources.files(fastapi_swagger).joinpath("resources", name).read_bytes()
