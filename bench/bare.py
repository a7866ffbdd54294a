"""The least that FastAPI can do: static bytes, under the settings of `palimpsest serve`.

`python -m bench.bare PORT FILE` answers the bytes of the file at `/plain`, by a function as ours are, which
runs on a thread, and at `/coroutine`, by one that runs on the event loop.
"""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response


def bare_app(body: bytes) -> FastAPI:
    """The application."""
    app = FastAPI()

    @app.get("/plain")
    def get_plain() -> Response:
        return Response(body, media_type="application/json")

    @app.get("/coroutine")
    async def get_coroutine() -> Response:
        return Response(body, media_type="application/json")

    return app


def main() -> None:
    """Serves until it is told to stop."""
    port, file = int(sys.argv[1]), Path(sys.argv[2])
    uvicorn.run(
        bare_app(file.read_bytes()),
        port=port,
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main()
