"""Logs, ours and those of libraries, through structlog: for people on a terminal, JSON lines elsewhere."""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import structlog

LIBRARIES = ("alembic", "sqlalchemy", "uvicorn.error")
"""What they say below a warning is of no use to whoever runs the service."""


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to what standard error is at that moment, not to what it was when logging was set up."""

    def emit(self, record: logging.LogRecord) -> None:
        """Writes one line."""
        # Not setStream: that flushes the one before, which may be closed by now.
        self.stream = sys.stderr
        super().emit(record)


def configure_logs(level: str) -> None:
    """Sends every log of this level and above to standard error. May be called again."""
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _StandardError)]:
        root.removeHandler(handler)
    handler = _StandardError(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=_renderers())
    )
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(logging.DEBUG if level == "debug" else logging.WARNING)


def _renderers() -> list[Any]:
    without_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if sys.stderr.isatty():
        # Not the default formatter of exceptions: it shows the values of variables, and so keys.
        plain = structlog.dev.plain_traceback
        return [without_meta, structlog.dev.ConsoleRenderer(exception_formatter=plain)]
    return [without_meta, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
