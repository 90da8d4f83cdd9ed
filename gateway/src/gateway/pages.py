"""The gateway's own pages: the merged document, its readable form, and the index."""

import hashlib
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from typing import Any

from chassis.json import dumps
from gateway.config import Settings
from gateway.exchange import Exchange
from gateway.headers import Header
from gateway.openapi import MergedDocument
from gateway.routes import Service
from gateway.upstreams import Upstreams

Page = Callable[[Exchange], Awaitable[None]]

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
code { font-family: ui-monospace, monospace } h2 { margin-top: 2rem } table { border-collapse: collapse }
td { padding: .2rem 1rem .2rem 0; vertical-align: top } .method { font-weight: bold }
"""
STYLE_HASH = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HTML: tuple[Header, ...] = (
    (b"content-type", b"text/html; charset=utf-8"),
    (
        b"content-security-policy",
        f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; frame-ancestors 'none'".encode(),
    ),
)
JSON: Header = (b"content-type", b"application/json")
LINKS: Mapping[str, str] = {
    "api": "/api/v1/plans",
    "openapi": "/api/openapi.json",
    "docs": "/docs",
    "keys": "/.well-known/jwks.json",
}


class Pages:
    """``by_path`` is what the gateway answers by itself."""

    def __init__(self, settings: Settings, upstreams: Upstreams) -> None:
        services = [service for service in upstreams.pools if service is not Service.PORTAL]
        self._document = MergedDocument(upstreams, services, seconds=settings.document_seconds)
        self.by_path: dict[str, Page] = {"/api/openapi.json": self.openapi, "/docs": self.docs}
        if Service.PORTAL not in upstreams.pools:
            self.by_path["/"] = self.index

    async def openapi(self, exchange: Exchange) -> None:
        await exchange.respond(200, [JSON], dumps(await self._document.current()))

    async def docs(self, exchange: Exchange) -> None:
        await exchange.respond(
            200, list(HTML), _page("Nobat API", _operations(await self._document.current()))
        )

    async def index(self, exchange: Exchange) -> None:
        await exchange.respond(200, [JSON], dumps({"name": "Nobat", "links": LINKS}))


def _page(title: str, content: str) -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>{content}</body></html>"
    ).encode()


def _operations(document: Mapping[str, Any]) -> str:
    by_tag: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for tag in operation.get("tags", ["other"])[:1]:
                by_tag.setdefault(tag, []).append(_row(method, path, operation))
    missing = ", ".join(document.get("x-unavailable-services", []))
    notice = f"<p>Not answering now: {escape(missing)}.</p>" if missing else ""
    sections = (
        f"<h2>{escape(tag)}</h2><table>{''.join(rows)}</table>" for tag, rows in sorted(by_tag.items())
    )
    link = '<p>The whole description: <a href="/api/openapi.json">/api/openapi.json</a></p>'
    return notice + link + "".join(sections)


def _row(method: str, path: str, operation: Mapping[str, Any]) -> str:
    summary = escape(operation.get("summary", ""))
    login = " (log in first)" if operation.get("security") else ""
    return (
        f'<tr><td class="method">{escape(method.upper())}</td>'
        f"<td><code>{escape(path)}</code></td><td>{summary}{login}</td></tr>"
    )
