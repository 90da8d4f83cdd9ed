"""The source of every member, parsed once."""

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("iran", "events", "chassis", "services/*", "gateway", "portal", "simulators", "nobat")


@dataclass(frozen=True)
class Module:
    """One file of source; ``package`` is the member's, ``path`` begins with it."""

    package: str
    path: str
    text: str
    tree: ast.Module

    def at(self, node: ast.stmt | ast.expr) -> str:
        return f"{self.path}:{node.lineno}"


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def modules() -> list[Module]:
    found = []
    for source in (source for folder in FOLDERS for source in ROOT.glob(f"{folder}/src")):
        for file in sorted(source.rglob("*.py")):
            path, text = file.relative_to(source), file.read_text(encoding="utf-8")
            found.append(Module(path.parts[0], path.as_posix(), text, ast.parse(text)))
    return found
