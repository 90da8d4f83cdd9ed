"""What the public listener shows, and what happens when nobody can be judged."""

import re
from uuid import uuid4

import httpx
import pytest

from chassis.service import create_api
from chassis.testing.tokens import TestKeys
from iran import Card, Mobile, NationalCode, Sheba
from nobat.parts import PARTS
from nobat.secret_store import open_secrets
from nobat.testing.operations import METHODS, operations
from nobat.topology import SERVICES, Servers, describe
from portal.security import headers as portal_headers

PERSONAL = re.compile("national|mobile|phone|sheba|iban|card|pan$", re.IGNORECASE)
PATTERNS_OF_PEOPLE = {kind.pattern for kind in (NationalCode, Mobile, Sheba, Card)}
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
HIDDEN_WHEN_POSTED = ("/live/orders", "/live/plans")
"""What the gateway itself asks sales, without a token."""
NOTHING_ASKED: dict[str, object] = {"known": {}}
TRICKS = ("{}", "{}/", "//{}", "/api/v1/%2e%2e{}", "{}?x=1", "{}%00", "/.{}")


@pytest.mark.parametrize("path", HIDDEN)
async def test_the_public_listener_shows_no_inner_page(city, path):
    for trick in TRICKS:
        answer = await city.doors["gateway"].get(trick.format(path))
        assert answer.status_code in {400, 401, 404}, trick
        assert answer.headers["content-type"] in NOTHING_HERE
        assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", HIDDEN_WHEN_POSTED)
async def test_the_public_listener_passes_on_nothing_internal(city, path):
    assert (await city.doors["sales"].post(path, json=NOTHING_ASKED)).status_code == 200
    for trick in TRICKS:
        answer = await city.doors["gateway"].post(trick.format(path), json=NOTHING_ASKED)
        assert answer.status_code in {400, 401, 403, 404}, trick
        assert answer.headers["content-type"] in NOTHING_HERE


async def test_a_page_has_the_gateways_headers_and_the_portals_own_policy(city):
    page = await city.doors["gateway"].get("/login")
    assert page.status_code == 200
    told = dict(page.headers)
    assert told == told | portal_headers()
    assert told["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def named_in_addresses(document):
    """Every parameter that stands in the path or the query of a request."""
    for path, item in document["paths"].items():
        shared = item.get("parameters", [])
        for method in METHODS:
            for parameter in [*shared, *item.get(method, {}).get("parameters", [])]:
                if method in item and parameter["in"] in {"path", "query"}:
                    yield f"{method} {path} {parameter['name']}", parameter


def choices_of(schema):
    """The schema, or those it is one of."""
    return schema.get("anyOf", [schema])


def test_no_address_names_a_person(city):
    """Addresses are kept by browsers, proxies and logs."""
    parameters = dict(named_in_addresses(city.document))
    assert parameters
    for where, parameter in parameters.items():
        assert not PERSONAL.search(parameter["name"]), where
        for schema in choices_of(parameter["schema"]):
            assert schema.get("pattern") not in PATTERNS_OF_PEOPLE, where


def test_a_page_of_a_list_is_only_so_long(city):
    numbers = {
        where: schema
        for where, parameter in named_in_addresses(city.document)
        if parameter["in"] == "query"
        for schema in choices_of(parameter["schema"])
        if schema.get("type") == "integer"
    }
    assert any(where.endswith(" limit") for where in numbers)
    assert [where for where, schema in numbers.items() if "maximum" not in schema] == []


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
