"""What the public listener shows, and what happens when nobody can be judged."""

from uuid import uuid4

import httpx
import pytest

from chassis.service import create_api
from chassis.testing.tokens import TestKeys
from nobat.parts import PARTS
from nobat.secret_store import open_secrets
from nobat.testing.operations import operations
from nobat.topology import SERVICES, Servers, describe

SHOWN = {"/docs", "/api/openapi.json", "/.well-known/jwks.json"}
HIDDEN = (
    "/metrics", "/livez", "/readyz", "/startupz", "/healthz", "/health", "/status", "/debug", "/debug/vars",
    "/openapi.json", "/openapi.yaml", "/redoc", "/swagger", "/swagger-ui", "/swagger.json", "/api-docs",
    "/api/docs", "/api/v1/docs", "/api/v1/openapi.json", "/api/v1/metrics", "/api/v1/readyz",
    "/docs/oauth2-redirect", "/graphql", "/graphiql", "/admin", "/console", "/actuator", "/actuator/env",
    "/server-status", "/trace", "/.env", "/.git/config", "/.git/HEAD", "/.well-known/openid-configuration",
    "/.well-known/ended-sessions.json", "/phpinfo.php", "/config.json", "/api", "/api/v1",
    "/api/v1/staff", "/internal", "/api/internal/keys", "/robots.txt.bak", "/proc/self/environ",
)  # fmt: skip
NOTHING_HERE = ("application/problem+json", "text/html; charset=utf-8")
"""The gateway's answer, or the portal's page that says so."""
TRICKS = ("{}", "{}/", "//{}", "/api/v1/%2e%2e{}", "{}?x=1", "{}%00", "/.{}")


@pytest.mark.parametrize("path", HIDDEN)
async def test_the_public_listener_shows_no_inner_page(city, path):
    for trick in TRICKS:
        answer = await city.doors["gateway"].get(trick.format(path))
        assert answer.status_code in {400, 401, 404}, trick
        assert answer.headers["content-type"] in NOTHING_HERE
        assert "Traceback" not in answer.text


async def test_what_is_public_is_there(city):
    for path in SHOWN:
        assert (await city.doors["gateway"].get(path)).status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND"])
async def test_a_strange_method_is_refused(city, method):
    answer = await city.doors["gateway"].request(method, "/api/v1/plans")
    assert answer.status_code in {400, 404, 405, 501}


async def test_a_range_of_ten_thousand_pieces_is_no_work(city):
    """CVE-2025-62727: the cost of a Range header grew with the square of its pieces."""
    pieces = ",".join(f"{n}-{n}" for n in range(1000))
    answer = await city.doors["gateway"].get("/api/v1/plans", headers={"Range": f"bytes={pieces}"})
    assert answer.status_code == 200


async def test_a_form_of_a_thousand_parts_is_not_read(city):
    """CVE-2025-54121: parts of a form went to disk on the event loop."""
    parts = {f"file{n}": (f"{n}.txt", b"x" * 100) for n in range(1000)}
    answer = await city.doors["gateway"].post("/api/v1/registrations", files=parts)
    assert answer.status_code in {415, 422}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["sales", "payment", "notify"])
async def test_without_the_keys_of_identity_every_protected_operation_is_unavailable(name, tmp_path):
    """Fail closed: nobody is let in because nobody can be judged."""
    nowhere = dict.fromkeys(SERVICES, "postgresql+asyncpg://x@127.0.0.1:1/x")
    env = describe(Servers(nowhere, nowhere), open_secrets(tmp_path)).find(f"{name}.api.1").env
    settings = PARTS[name].settings_of({**env, "JWKS_URL": "http://127.0.0.1:1/jwks.json"})
    app = create_api(PARTS[name].build(settings))
    headers = TestKeys().authorization(uuid4(), ["admin"])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client:
        protected = [operation for operation in operations(app.openapi()) if operation.is_protected]
        assert protected
        for operation in protected:
            answer = await client.request(operation.method, operation.at(), json={}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable"), str(operation)
