"""Writing the documents, or finding those that are out of date."""

from pathlib import Path

from nobat.generation import asyncapi, page, permissions, schemas


def documents() -> dict[Path, str]:
    """What every generated file should hold, by its path in the project."""
    return {**schemas.files(), **page.files(), **asyncapi.files(), **permissions.files()}


def stale(root: Path) -> list[Path]:
    """The files that are missing, differ, or describe what no longer exists."""
    wanted = documents()
    differing = [path for path, content in wanted.items() if not _same(root / path, content)]
    return sorted([*differing, *_leftovers(root, wanted)])


def write(root: Path) -> list[Path]:
    """Brings the files up to date; the ones that changed."""
    wanted, changed = documents(), stale(root)
    for path in changed:
        if path in wanted:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(wanted[path])
        else:
            (root / path).unlink()
    return changed


def _same(file: Path, content: str) -> bool:
    return file.exists() and file.read_text() == content


def _leftovers(root: Path, wanted: dict[Path, str]) -> list[Path]:
    there = (file.relative_to(root) for file in (root / schemas.SCHEMAS).glob("*.json"))
    return [path for path in there if path not in wanted]
