"""Who may know whom."""

import ast
import tomllib
from collections.abc import Iterator

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


def imported(tree: ast.Module) -> Iterator[str]:
    """The full names of the modules that are imported, wherever in the file."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module


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
