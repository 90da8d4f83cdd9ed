"""compose.yaml, the Dockerfile and deploy/ say the same as the code."""

import re
import stat
import subprocess
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from chassis.server import DRAIN_SECONDS
from gateway.config import Settings as GatewaySettings
from nobat.parts import PARTS
from nobat.topology import SERVICES
from simulators.settings import Settings as SimulatorsSettings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "compose.yaml").read_text()
CONTAINERS: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
IMAGE = "nobat:${NOBAT_VERSION:-0.1.0}"
LASTING = {name: container for name, container in CONTAINERS.items() if container["restart"] != "no"}
OURS = {name: container for name, container in CONTAINERS.items() if container["image"] == IMAGE}
PROCESSES = [(service, kind) for service, kind in product(SERVICES, ("api", "worker", "migrate"))]

SECRET = re.compile(r"PASSWORD|TOKEN|KEY|MERCHANT")
FROM_ENVIRONMENT = re.compile(r"\$\{([A-Z_]+):\?run deploy/secrets\.sh\}")
LITERAL_PASSWORD = re.compile(r"://[^/@\s]+:(?!\$\{)[^/@\s]*@")
PINNED = re.compile(r"[a-z/]+:(?!latest$)\S+")


def settings_of(name: str) -> tuple[type[BaseSettings], str]:
    """The class that reads the container's environment, and the prefix of its variables."""
    if name == "gateway":
        return GatewaySettings, ""
    if name == "simulators":
        return SimulatorsSettings, "SIMULATORS_"
    return PARTS[name.rsplit("-", 1)[0]].settings, ""


CONFIGURED = ["gateway", "simulators", *(f"{service}-{kind}" for service, kind in PROCESSES)]


@pytest.mark.parametrize(("service", "kind"), PROCESSES)
def test_every_process_of_every_service_is_a_container(service: str, kind: str) -> None:
    container = CONTAINERS[f"{service}-{kind}"]
    assert container["command"] == [service, kind]
    assert container["image"] == IMAGE


@pytest.mark.parametrize("name", CONFIGURED)
def test_a_process_is_told_all_it_must_know_and_nothing_it_does_not(name: str) -> None:
    settings, prefix = settings_of(name)
    told = {variable for variable in CONTAINERS[name]["environment"] if not variable.startswith("HEALTH_")}
    known = {prefix + field.upper() for field in settings.model_fields}
    needed = {prefix + field.upper() for field, info in settings.model_fields.items() if info.is_required()}
    assert needed <= told <= known


@pytest.mark.parametrize("name", CONTAINERS)
def test_an_image_is_pinned_to_a_tag(name: str) -> None:
    assert PINNED.fullmatch(CONTAINERS[name]["image"])


def test_one_container_builds_the_image_of_all() -> None:
    assert [name for name, container in CONTAINERS.items() if "build" in container] == [
        "rabbitmq-definitions"
    ]


@pytest.mark.parametrize("name", CONTAINERS)
def test_secrets_come_from_the_environment(name: str) -> None:
    environment = CONTAINERS[name].get("environment", {})
    secrets = {variable: value for variable, value in environment.items() if SECRET.search(variable)}
    assert [variable for variable, value in secrets.items() if not FROM_ENVIRONMENT.fullmatch(value)] == []
    assert not LITERAL_PASSWORD.search(yaml.safe_dump(CONTAINERS[name]))


def test_every_secret_asked_for_is_written_once_and_kept_from_others(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    for _ in range(2):
        subprocess.run([ROOT / "deploy/secrets.sh", file], check=True)
    values = dict(line.split("=", 1) for line in file.read_text().splitlines())
    assert set(values) == set(FROM_ENVIRONMENT.findall(TEXT))
    assert all(values.values())
    assert len(set(values.values())) == len(values) == len(file.read_text().splitlines())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_written_secrets_are_keys_that_the_services_take(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    subprocess.run([ROOT / "deploy/secrets.sh", file], check=True)
    values = dict(line.split("=", 1) for line in file.read_text().splitlines())

    def filled(value: object) -> str:
        return re.sub(
            r"\$\{([A-Z_]+):[?-]([^}]*)\}", lambda found: values.get(found[1], found[2]), str(value)
        )

    for service, part in PARTS.items():
        environment = CONTAINERS[f"{service}-api"]["environment"]
        assert part.build(part.settings_of({name: filled(value) for name, value in environment.items()}))


@pytest.mark.parametrize("name", LASTING)
def test_a_container_that_lasts_says_whether_it_is_healthy(name: str) -> None:
    assert LASTING[name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_has_few_rights_and_a_limit(name: str) -> None:
    container = CONTAINERS[name]
    assert container["cap_drop"] == ["ALL"]
    assert container["read_only"] is True
    assert container["init"] is True
    assert "no-new-privileges:true" in container["security_opt"]
    assert "mem_limit" in container


@pytest.mark.parametrize("name", OURS)
def test_a_process_may_finish_what_it_has_in_hand(name: str) -> None:
    assert int(OURS[name]["stop_grace_period"].removesuffix("s")) > DRAIN_SECONDS


@pytest.mark.parametrize(
    "name", [f"{service}-{kind}" for service, kind in product(SERVICES, ("api", "worker"))]
)
def test_a_process_that_may_run_several_times_has_neither_name_nor_port_of_the_host(name: str) -> None:
    assert not {"container_name", "hostname", "ports"} & set(CONTAINERS[name])


def test_ports_are_open_on_this_machine_only() -> None:
    published = {port for container in CONTAINERS.values() for port in container.get("ports", [])}
    assert published == {"127.0.0.1:8000:8000", "127.0.0.1:8090:8090"}


def test_the_gateway_cannot_reach_databases_or_the_broker() -> None:
    assert CONTAINERS["gateway"]["networks"] == ["edge"]
    assert CONTAINERS["postgres"]["networks"] == CONTAINERS["rabbitmq"]["networks"] == ["data"]


def test_the_image_runs_as_nobody_special_and_is_built_with_the_pinned_uv() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    pinned = re.search(r"^uv_version=(\S+)$", (ROOT / "tools/setup.sh").read_text(), re.MULTILINE)
    assert pinned is not None
    assert f"ARG UV_VERSION={pinned[1]}\n" in dockerfile
    assert "\nUSER 10001\n" in dockerfile
    assert not SECRET.search(dockerfile)
