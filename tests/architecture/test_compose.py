"""compose.yaml, the Dockerfile and deploy/ say the same as the code."""

import re
import stat
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from chassis.keys.files import KeyFile
from chassis.keys.text import new_key, parse_keys
from chassis.server import DRAIN_SECONDS
from gateway.config import Settings as GatewaySettings
from nobat.keyrings import RINGS
from nobat.parts import PARTS
from nobat.secret_store import KEYRINGS
from nobat.topology import SERVICES
from portal.config import Settings as PortalSettings
from simulators.settings import Settings as SimulatorsSettings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "compose.yaml").read_text()
CONTAINERS: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
IMAGE = "nobat:${NOBAT_VERSION:-0.1.0}"
LASTING = {name: container for name, container in CONTAINERS.items() if container["restart"] != "no"}
OURS = {name: container for name, container in CONTAINERS.items() if container["image"] == IMAGE}
PROCESSES = [(service, kind) for service, kind in product(SERVICES, ("api", "worker", "migrate"))]

SECRET = re.compile(r"PASSWORD|TOKEN|KEY|MERCHANT")
FOLLOWED = re.compile(r"file:/keys/([a-z]+)/keyring")
FROM_ENVIRONMENT = re.compile(r"\$\{([A-Z_]+):\?run deploy/secrets\.sh\}")
LITERAL_PASSWORD = re.compile(r"://[^/@\s]+:(?!\$\{)[^/@\s]*@")
PINNED = re.compile(r"[a-z/]+:(?!latest$)\S+")


def settings_of(name: str) -> tuple[type[BaseSettings], str]:
    """The class that reads the container's environment, and the prefix of its variables."""
    if name == "gateway":
        return GatewaySettings, ""
    if name == "portal":
        return PortalSettings, ""
    if name == "simulators":
        return SimulatorsSettings, "SIMULATORS_"
    return PARTS[name.rsplit("-", 1)[0]].settings, ""


CONFIGURED = ["gateway", "portal", "simulators", *(f"{service}-{kind}" for service, kind in PROCESSES)]


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
def test_secrets_come_from_the_environment_or_from_files_that_are_followed(name: str) -> None:
    environment = CONTAINERS[name].get("environment", {})
    secrets = {variable: value for variable, value in environment.items() if SECRET.search(variable)}
    written_down = [
        variable
        for variable, value in secrets.items()
        if not FROM_ENVIRONMENT.fullmatch(value) and not FOLLOWED.fullmatch(value)
    ]
    assert written_down == []
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

    rings = {ring: values[ring] for ring in KEYRINGS}
    subprocess.run([sys.executable, ROOT / "deploy/keyrings.py", tmp_path], env=rings, check=True)
    for service, part in PARTS.items():
        environment = CONTAINERS[f"{service}-api"]["environment"]
        told = {name: filled(value) for name, value in environment.items()}
        placed = {name: value.replace("file:/keys", f"file:{tmp_path}") for name, value in told.items()}
        assert part.build(part.settings_of(placed))


def test_a_keyring_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    rings = {ring: f"k1:{new_key()}" for ring in KEYRINGS}
    for _ in range(2):
        subprocess.run([sys.executable, ROOT / "deploy/keyrings.py", tmp_path], env=rings, check=True)
        KeyFile(tmp_path / "events/keyring").write(parse_keys(f"k2:{new_key()}"))
    assert list(KeyFile(tmp_path / "events/keyring").read()) == ["k2"]
    assert list(KeyFile(tmp_path / "index/keyring").read()) == ["k1"]


@pytest.mark.parametrize("name", [f"{service}-{kind}" for service, kind in PROCESSES if kind != "migrate"])
def test_a_process_has_the_folders_of_its_own_keys_and_cannot_write_them(name: str) -> None:
    environment = CONTAINERS[name]["environment"]
    named = {found[1] for value in environment.values() if (found := FOLLOWED.fullmatch(str(value)))}
    mounted = {volume for volume in CONTAINERS[name]["volumes"] if volume.startswith("keys-")}
    assert mounted == {f"keys-{folder}:/keys/{folder}:ro" for folder in named}
    assert CONTAINERS[name]["depends_on"]["keyrings"] == {"condition": "service_completed_successfully"}


def test_the_operator_can_change_every_key_that_is_followed() -> None:
    environment = CONTAINERS["operator"]["environment"]
    folders = {found[1] for value in environment.values() if (found := FOLLOWED.fullmatch(value))}
    assert folders == {found[1] for found in FOLLOWED.finditer(TEXT)}
    assert set(CONTAINERS["operator"]["volumes"]) == {f"keys-{folder}:/keys/{folder}" for folder in folders}
    assert {ring.secret for ring in RINGS.values()} <= set(environment)


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
