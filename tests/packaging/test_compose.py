"""docker-compose.yml and the Dockerfile: valid, healthy, without secrets, and naming commands that exist."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "Dockerfile"
ENV_EXAMPLE = ROOT / ".env.example"
SECRET_NAME = re.compile(r"PASSWORD|SECRET|TOKEN|CREDENTIAL|PRIVATE|(?<![A-Z])KEY(?![A-Z])", re.IGNORECASE)
REQUIRED_VARIABLE = re.compile(r"\$\{[A-Z_]+:\?[^}]*\}")


def compose() -> dict[str, Any]:
    data: dict[str, Any] = YAML(typ="safe").load(COMPOSE)
    return data


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def is_one_shot(service: dict[str, Any]) -> bool:
    return service.get("restart") == "no"


def palimpsest_commands() -> Iterator[list[str]]:
    """Every command line of ours in the Compose file and the Dockerfile, without the program's name."""
    for service in services().values():
        yield from (
            words[1:]
            for words in (service.get("command", []), service.get("healthcheck", {}).get("test", [])[1:])
            if words[:1] == ["palimpsest"]
        )
    for words in re.findall(r'^CMD \["palimpsest", (.+)\]$', DOCKERFILE.read_text("utf-8"), re.MULTILINE):
        yield re.findall(r'"([^"]+)"', words)


def environment(service: dict[str, Any]) -> dict[str, str]:
    values: dict[str, str] = service.get("environment", {})
    return values


def documented_variables() -> set[str]:
    return set(re.findall(r"^#?([A-Z_]+)=", ENV_EXAMPLE.read_text("utf-8"), re.MULTILINE))


def test_follows_the_compose_specification() -> None:
    # The schema comes with check-jsonschema: nothing is fetched.
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_service_is_healthy_or_done() -> None:
    for name, service in services().items():
        assert is_one_shot(service) != ("healthcheck" in service), name


def test_services_wait_for_what_they_need() -> None:
    found = services()
    for name, service in found.items():
        for needed, how in service.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if is_one_shot(found[needed]) else "service_healthy"
            assert how["condition"] == wanted, f"{name} needs {needed}"


def test_migrations_run_before_anything_that_uses_the_database() -> None:
    for name, service in services().items():
        if name not in ("postgres", "migrate"):
            assert {"postgres", "migrate"} <= service["depends_on"].keys(), name


def test_postgres_keeps_its_data_where_its_image_looks() -> None:
    postgres = services()["postgres"]
    major = int(re.fullmatch(r"postgres:(\d+)(\..*)?", postgres["image"]).group(1))  # type: ignore[union-attr]
    assert major >= 18
    assert [volume.split(":")[1] for volume in postgres["volumes"]] == ["/var/lib/postgresql"]


def test_holds_no_secret() -> None:
    for name, service in services().items():
        for key, value in environment(service).items():
            where = f"{name}: {key}"
            if SECRET_NAME.search(key) and not key.endswith("_FILE"):
                assert REQUIRED_VARIABLE.fullmatch(value), where
            password = re.search(r"://[^:/@]*:(.*)@", value)
            if password:
                assert REQUIRED_VARIABLE.fullmatch(password.group(1)), where
    for line in DOCKERFILE.read_text("utf-8").splitlines():
        assert not (line.startswith(("ENV", "ARG")) and SECRET_NAME.search(line)), line
    for variable, value in re.findall(r"^#?([A-Z_]+)=(.*)$", ENV_EXAMPLE.read_text("utf-8"), re.MULTILINE):
        assert not SECRET_NAME.search(variable) or value == "", variable


def test_is_published_on_this_machine_only() -> None:
    ports = [port for service in services().values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_no_service_may_gain_privileges() -> None:
    for name, service in services().items():
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["cap_drop"] == ["ALL"], name
        if name != "postgres":
            assert service["read_only"] is True, name


def test_every_variable_is_documented() -> None:
    used = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE.read_text("utf-8")))
    used |= {
        key for each in services().values() for key in environment(each) if key.startswith("PALIMPSEST_")
    }
    assert used <= documented_variables()


def test_every_setting_is_documented() -> None:
    settings = pytest.importorskip("api.settings").Settings
    prefix = settings.model_config["env_prefix"]
    names = {f"{prefix}{name}".upper() for name in settings.model_fields}
    assert names == {name for name in documented_variables() if name.startswith("PALIMPSEST_")}


def test_commands_exist() -> None:
    app = pytest.importorskip("cli.main").app
    runner = pytest.importorskip("typer.testing").CliRunner()
    commands = list(palimpsest_commands())
    assert commands
    for words in commands:
        first_option = next((at for at, word in enumerate(words) if word.startswith("-")), len(words))
        answer = runner.invoke(
            app, [*words[:first_option], "--help"], env={"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
        )
        assert answer.exit_code == 0, f"palimpsest {' '.join(words)}: {answer.output}"
        for option in (word for word in words if word.startswith("--")):
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", answer.output), f"{words}: no {option}"


def test_the_image_runs_a_supported_python() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        supported = SpecifierSet(tomllib.load(file)["project"]["requires-python"])
    bases = re.findall(r"^FROM python:(\d+\.\d+)-slim\b", DOCKERFILE.read_text("utf-8"), re.MULTILINE)
    assert bases
    assert len(set(bases)) == 1
    assert supported.contains(f"{bases[0]}.0")


def test_the_image_is_installed_by_hash_and_does_not_run_as_root() -> None:
    text = DOCKERFILE.read_text("utf-8")
    installs = [line for line in re.findall(r"pip install (.+)", text) if "--no-deps" not in line]
    assert installs
    assert all("--require-hashes" in line for line in installs)
    users = re.findall(r"^USER (\S+)$", text, re.MULTILINE)
    assert users
    assert users[-1].split(":")[0] not in ("root", "0")
