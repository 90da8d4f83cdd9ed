"""Who may know whom."""

import ast
import re
import tomllib
from collections.abc import Iterator

import pytest
from importlinter.cli import lint_imports

LIBRARY = ("iran", "events", "chassis")
SERVICES = ("identity", "sales", "payment", "notify")
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "iran": (),
    "events": ("iran",),
    "chassis": ("iran", "events"),
    **dict.fromkeys((*SERVICES, "gateway", "portal", "simulators"), LIBRARY),
    "nobat": (*LIBRARY, *SERVICES, "gateway", "portal", "simulators"),
}
PURE = {
    "frameworks": {"sqlalchemy", "alembic", "fastapi", "starlette"},
    "clients": {"httpx", "pyreqwest", "asyncpg", "aio_pika"},
    "the machine": {"asyncio", "os", "socket", "subprocess", "threading"},
}
"""What a file of rules does without."""
CLIENT_BUILDERS = {"ClientBuilder", "SyncClientBuilder", "BaseClientBuilder"}
CLIENT_LIBRARIES = (
    "httpx", "aiohttp", "requests", "niquests", "urllib3", "httplib2", "pycurl", "urllib.request",
    "http.client", "pyreqwest.simple", "pyreqwest.compatibility",
)  # fmt: skip
"""What makes clients of its own, which follow redirects or have no end."""
MAKE_CLIENTS = {
    "chassis/http.py": "bounded and without redirects, for every service",
    "gateway/upstreams.py": "passes redirects on, to the services it was told of",
    "nobat/supervisor.py": "asks the processes that it started whether they are ready",
}
NO_SERVICE = re.compile(r"^simulators/|/testing[./]")
"""The banks' own side, and what drives a whole system in tests."""


def imported(tree: ast.Module) -> Iterator[str]:
    """The full names of the modules that are imported, wherever in the file."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module


def taken(tree: ast.Module) -> Iterator[str]:
    """The full names of what is imported, and ``.name`` of each attribute that is used."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.Attribute(attr=name):
                yield f".{name}"


def makes_clients(tree: ast.Module) -> bool:
    libraries = tuple(f"{library}." for library in CLIENT_LIBRARIES)
    return any(
        f"{name}.".startswith(libraries) or name.rpartition(".")[2] in CLIENT_BUILDERS for name in taken(tree)
    )


def test_the_import_contracts_hold(root, monkeypatch, capsys):
    monkeypatch.chdir(root)
    code = lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True)
    assert code == 0, capsys.readouterr().out


def test_a_member_imports_only_those_below_it(modules):
    found = [
        f"{module.path} imports {name}"
        for module in modules
        for name in imported(module.tree)
        if (top := name.partition(".")[0]) in MAY_IMPORT
        and top not in (module.package, *MAY_IMPORT[module.package])
    ]
    assert found == []


def test_a_service_depends_on_no_other_service(root):
    for service in SERVICES:
        project = tomllib.loads((root / f"services/{service}/pyproject.toml").read_text())["project"]
        others = {f"nobat-{other}" for other in SERVICES if other != service}
        assert not [need for need in project["dependencies"] if need.split(">")[0].strip() in others]


def test_rules_need_no_framework_and_no_outside_world(modules):
    outside = set().union(*PURE.values())
    found = [
        f"{module.path} imports {name}"
        for module in modules
        if module.path.endswith("/domain.py") or module.package == "iran"
        for name in imported(module.tree)
        if name.partition(".")[0] in outside
    ]
    assert found == []


def test_only_the_chassis_speaks_amqp(modules):
    speakers = {
        module.package
        for module in modules
        for name in imported(module.tree)
        if name.startswith(("aio_pika", "aiormq"))
    }
    assert speakers == {"chassis"}


@pytest.mark.parametrize(
    "source",
    [
        "from pyreqwest.client import ClientBuilder",
        "import pyreqwest.client as c; c.ClientBuilder()",
        "import httpx",
        "from httpx import AsyncClient",
        "from urllib import request",
        "from pyreqwest.simple.request import pyreqwest_get",
    ],
)
def test_a_client_is_seen_however_it_is_made(source):
    assert makes_clients(ast.parse(source))


def test_outgoing_clients_are_made_in_few_places(modules):
    found = {
        module.path for module in modules if not NO_SERVICE.search(module.path) and makes_clients(module.tree)
    }
    assert found == MAKE_CLIENTS.keys()
