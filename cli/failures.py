"""The one place where an error becomes a sentence on standard error and an exit code."""

from __future__ import annotations

import os
from typing import Any

import typer
from typer.core import TyperGroup

from domain.errors import Fault, InvalidInput, PalimpsestError


class Refused(PalimpsestError):
    """What was asked for cannot be done here and now; the message says what to do."""


class Guarded(TyperGroup):
    """A group whose commands end expected errors with a sentence and exit code 1, never with a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # whoever read the output went away; typer ends quietly
        except Exception as error:
            sentences = explain(error)
            if sentences is None:
                raise
            for sentence in sentences:
                typer.echo(sentence, err=True)
            raise typer.Exit(1) from error


def explain(error: Exception) -> list[str] | None:
    """The sentences for an expected error; None for one that is a fault of the software."""
    match error:
        case InvalidInput(faults=faults) if faults:
            return [say_fault(fault) for fault in faults]
        case PalimpsestError(message=message):
            return [message]
        case OSError(strerror=str(reason)):
            where = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
            return [f"{where}{reason}."]
    if type(error).__module__.partition(".")[0] == "psycopg":
        return [f"The database refused: {_reason(error)}."]
    if type(error).__name__ == "UpgradeFailed":
        return [str(error)]
    return None


def _reason(error: Exception) -> str:
    """What the server said, in one line; it never holds the connection string."""
    said = getattr(getattr(error, "diag", None), "message_primary", None)
    return str(said or type(error).__name__).rstrip(".")


def say_fault(fault: Fault, file: str | None = None) -> str:
    """A fault as `FILE:LINE: path: message`, less what is not known; a parameter by its option's name."""
    path = fault.path
    if path.startswith("query."):
        path = "--" + path.removeprefix("query.").replace("_", "-")
    elif path == "log_position":
        path = "--log-position"
    where = [f"{file}:{fault.line}" if fault.line else file] if file else []
    return ": ".join(part for part in (*where, path, fault.message) if part)
