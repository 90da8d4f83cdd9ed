"""Every test that docs/security.md names is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGE = "docs/security.md"
LINK = re.compile(r"\[[^\]]+\]\(([^)]+)\)([^\[]*)")
"""A file, and what stands between it and the next one."""
NAME = re.compile(r"`(test_\w+)`")


@pytest.fixture(scope="module")
def rows(root: Path) -> list[str]:
    """What each row says of its tests."""
    lines = (root / PAGE).read_text(encoding="utf-8").splitlines()
    cells = [line.strip("| ").rpartition(" | ")[2] for line in lines if line.startswith("|")]
    return [cell for cell in cells if cell not in {"test", "---"}]


def named(row: str) -> Iterator[tuple[str, list[str]]]:
    """The files of a row with the names of their tests."""
    for link in LINK.finditer(row):
        yield link[1], NAME.findall(link[2])


def defined(file: Path) -> set[str]:
    """The names of the functions of a file; none when it is not there."""
    body = ast.parse(file.read_text(encoding="utf-8")).body if file.is_file() else []
    return {node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_row_names_a_file_and_its_tests(rows):
    assert rows
    for row in rows:
        files = list(named(row))
        assert files, row
        assert all(names for _, names in files), row


def test_every_test_that_is_named_is_there(root, rows):
    folder = (root / PAGE).parent
    missing = [
        f"{path} {name}"
        for row in rows
        for path, names in named(row)
        for name in sorted({*names} - defined(folder / path))
    ]
    assert missing == []
