"""Stylesheet, scripts and fonts: read once, served from memory under names that change with their content."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
FOLDERS = (HERE / "static", HERE / "built")
PREFIX = "/assets/"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
MARK_LENGTH = 12


class AssetsMissing(Exception):
    """The others' assets have not been made: ``make setup`` does it."""


@dataclass(frozen=True)
class Asset:
    """``packed`` is the same for who takes gzip; None where that saves nothing."""

    path: str
    type: str
    body: bytes
    packed: bytes | None


class Assets:
    """``path("style.css")`` is where browsers find a file; ``by_path`` is what is there."""

    def __init__(self, folders: tuple[Path, ...] = FOLDERS) -> None:
        if not all(folder.is_dir() for folder in folders):
            raise AssetsMissing("the portal's assets are not made; run: make setup")
        self._paths: dict[str, str] = {}
        self.by_path: dict[str, Asset] = {}
        files = sorted(file for folder in folders for file in folder.iterdir() if file.suffix in TYPES)
        for file in sorted(files, key=lambda file: file.suffix == ".css"):  # a stylesheet names the others
            self._add(file)

    def path(self, name: str) -> str:
        return self._paths[name]

    def _add(self, file: Path) -> None:
        body = file.read_bytes()
        if file.suffix == ".css":
            body = self._with_paths(body.decode()).encode()
        mark = hashlib.sha256(body).hexdigest()[:MARK_LENGTH]
        path = f"{PREFIX}{file.stem}.{mark}{file.suffix}"
        packed = gzip.compress(body, 9, mtime=0) if file.suffix != ".woff2" else None
        self._paths[file.name] = path
        self.by_path[path] = Asset(path, TYPES[file.suffix], body, packed)

    def _with_paths(self, text: str) -> str:
        for name, path in self._paths.items():
            text = text.replace(f'url("{name}")', f'url("{path}")')
        return text


def headers_of(asset: Asset, *, packed: bool) -> Mapping[str, str]:
    """Good for a year: another content has another path."""
    headers = {
        "content-type": asset.type,
        "cache-control": "public, max-age=31536000, immutable",
        "vary": "accept-encoding",
    }
    return {**headers, "content-encoding": "gzip"} if packed else headers
