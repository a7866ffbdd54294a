"""Configuration: `PALIMPSEST_*` environment variables, or the same in `.env`."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?")


class Settings(BaseSettings):
    """Everything that can be set, with its default."""

    model_config = SettingsConfigDict(env_prefix="PALIMPSEST_", env_file=".env", extra="ignore")

    database_url: str | None = None
    data_dir: Path = Path(".palimpsest")
    public_read: bool = True
    projector: Literal["on", "off"] = "on"
    max_streams: int = Field(default=1_000, ge=0)
    webhooks: Literal["on", "off"] = "on"
    webhook_targets: Literal["public", "any"] = "public"
    max_body_bytes: int = Field(default=10 * 1024 * 1024, ge=1024)
    reads_per_minute: int = Field(default=12_000, ge=0)
    writes_per_minute: int = Field(default=1_200, ge=0)
    statement_timeout_seconds: int = Field(default=20, ge=0)
    trusted_proxies: str = "127.0.0.1,::1"
    cors_origins: str = ""
    hsts_seconds: int = Field(default=0, ge=0)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "text"] = "auto"

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins whose pages may read the answers; `*` is every one."""
        return _parts(self.cors_origins)

    @property
    def proxies(self) -> list[str]:
        """The addresses and networks whose word is taken for where a request came from."""
        return list(_parts(self.trusted_proxies))

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, written: str) -> str:
        for origin in _parts(written):
            if origin != "*" and not ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is no origin such as https://example.org, without a path")
        return written

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, written: str) -> str:
        for network in _parts(written):
            try:
                ipaddress.ip_network(network)
            except ValueError:
                raise ValueError(f"{network!r} is neither an address nor a network like 10.0.0.0/8") from None
        return written


def _parts(written: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in written.split(",") if part.strip())
