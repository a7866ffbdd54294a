"""Configuration: `PALIMPSEST_*` environment variables, or the same in `.env`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that can be set, with its default."""

    model_config = SettingsConfigDict(env_prefix="PALIMPSEST_", env_file=".env", extra="ignore")

    database_url: str | None = None
    data_dir: Path = Path(".palimpsest")
    public_read: bool = True
    projector: Literal["on", "off"] = "on"
    max_body_bytes: int = Field(default=10 * 1024 * 1024, ge=1024)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
