"""The locks bring exactly what pyproject.toml asks for, hash by hash, and name no address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
EXTRAS = ("geonames", "deepstate", "otel")
"""The extras that somebody may want beside the rest."""
LOCKS = ("runtime", "embedded", *EXTRAS, "dev")


def read_lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")


def pins(name: str) -> dict[str, list[Requirement]]:
    """The pinned requirements by canonical name: several when platforms or Python versions differ."""
    found: dict[str, list[Requirement]] = {}
    for line in read_lock(name).splitlines():
        if line and not line.startswith((" ", "#")):
            requirement = Requirement(line.removesuffix("\\").strip())
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def pinned_version(requirement: Requirement) -> str:
    (specifier,) = requirement.specifier
    assert specifier.operator == "=="
    return specifier.version


def project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


def asked_for(lock: str) -> list[Requirement]:
    """What pyproject.toml asks for in a lock; every lock carries the build backend."""
    data = project()
    wanted: list[str] = [*data["project"]["dependencies"], *data["dependency-groups"]["build"]]
    if lock in ("embedded", "dev"):
        wanted += data["project"]["optional-dependencies"]["embedded"]
    for extra in EXTRAS:
        if lock in (extra, "dev"):
            wanted += data["project"]["optional-dependencies"][extra]
    if lock == "dev":
        wanted += data["dependency-groups"]["dev"]
    return [Requirement(each) for each in wanted]


def test_every_lock_is_known() -> None:
    assert sorted(path.name for path in (ROOT / "requirements").iterdir()) == sorted(
        f"{name}.lock" for name in LOCKS
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_names_no_address(lock: str) -> None:
    offending = [
        line
        for line in read_lock(lock).splitlines()
        if re.search(r"[a-z+]+://|\s@\s|--(index-url|extra-index-url|find-links|trusted-host)|^-", line)
    ]
    assert offending == []


@pytest.mark.parametrize("lock", LOCKS)
def test_pins_and_hashes_everything(lock: str) -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9])", read_lock(lock), flags=re.MULTILINE)[1:]
    assert len(blocks) > 20
    without = [
        block.splitlines()[0]
        for block in blocks
        if not re.match(r"\S+==\S+", block) or not re.search(r"--hash=sha256:[0-9a-f]{64}\b", block)
    ]
    assert without == []


@pytest.mark.parametrize("lock", LOCKS)
def test_brings_what_the_project_asks_for(lock: str) -> None:
    locked = pins(lock)
    for wanted in asked_for(lock):
        found = locked.get(canonicalize_name(wanted.name), [])
        assert found, f"{wanted} is not in requirements/{lock}.lock; run `make lock`"
        for pin in found:
            assert wanted.specifier.contains(pinned_version(pin), prereleases=True), (
                f"{pin} does not satisfy {wanted}; run `make lock`"
            )


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [("runtime", extra) for extra in ("embedded", *EXTRAS)]
    + [(extra, "dev") for extra in ("embedded", *EXTRAS)],
)
def test_what_is_tested_is_what_is_served(smaller: str, larger: str) -> None:
    small, large = pins(smaller), pins(larger)
    assert small.keys() <= large.keys()
    for name, requirements in small.items():
        assert {pinned_version(each) for each in requirements} <= {
            pinned_version(each) for each in large[name]
        }


def test_a_server_gets_neither_the_extras_nor_test_tools() -> None:
    runtime = pins("runtime").keys()
    data = project()
    extras = [
        *(each for extra in data["project"]["optional-dependencies"].values() for each in extra),
        "mypy",
        "playwright",
        "pytest",
        "ruff",
    ]
    # An extra may be one of something that a server has anyway, as fastapi[opentelemetry] is.
    needed = {canonicalize_name(Requirement(each).name) for each in data["project"]["dependencies"]}
    assert not runtime & {canonicalize_name(Requirement(each).name) for each in extras} - needed
    assert not {name for name in runtime if name.startswith("opentelemetry-") and name != "opentelemetry-api"}


def test_the_build_backend_that_is_locked_satisfies_the_build_system() -> None:
    (backend,) = (Requirement(each) for each in project()["build-system"]["requires"])
    (pin,) = pins("runtime")[canonicalize_name(backend.name)]
    assert backend.specifier.contains(pinned_version(pin))
