"""What operators see: traces, correlation, health and metrics."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import text

ACTS = "/api/v1/acts"
TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


async def test_a_trace_goes_on_in_a_span_of_its_own(probe):
    answer = await probe.client.get(ACTS, headers={"traceparent": f"00-{TRACE}-{SPAN}-01"})
    traceparent = answer.json()["traceparent"]
    assert traceparent.startswith(f"00-{TRACE}-")
    assert SPAN not in traceparent


@pytest.mark.parametrize(
    "offered",
    [None, "", f"00-{'0' * 32}-{SPAN}-01", f"00-{TRACE}-{SPAN}-01\t;x", "x" * 5000, f"01-{TRACE}-{SPAN}-01"],
)
async def test_a_malformed_trace_is_replaced(probe, offered):
    headers = {} if offered is None else {"traceparent": offered}
    answer = await probe.client.get(ACTS, headers=headers)
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", answer.json()["traceparent"])
    assert TRACE not in answer.text


async def test_the_correlation_id_of_the_caller_is_kept_and_returned(probe):
    answer = await probe.client.get(ACTS, headers={"X-Correlation-Id": "order-7.checkout_2"})
    assert answer.json()["correlation"] == "order-7.checkout_2"
    assert answer.headers["x-correlation-id"] == "order-7.checkout_2"


@pytest.mark.parametrize(
    "offered", [None, "short", "x" * 65, 'a", "level": "info', "a\x1b[31mred", "شناسه‌ی من است"]
)
async def test_another_correlation_id_is_replaced_by_the_trace(probe, offered):
    headers = [] if offered is None else [(b"x-correlation-id", offered.encode())]
    answer = await probe.client.get(ACTS, headers=headers)
    correlation = answer.headers["x-correlation-id"]
    assert correlation == answer.json()["correlation"] == answer.json()["traceparent"][3:35]


async def test_requests_at_the_same_time_keep_their_own_correlation(probe):
    first = await probe.client.get(ACTS, headers={"X-Correlation-Id": "correlation-1"})
    second = await probe.client.get(ACTS)
    assert first.json()["correlation"] == "correlation-1"
    assert second.json()["correlation"] != "correlation-1"


async def test_a_problem_names_its_trace(probe):
    answer = await probe.client.get("/api/v1/nothing", headers={"traceparent": f"00-{TRACE}-{SPAN}-01"})
    assert answer.json()["trace_id"] == TRACE
    assert answer.headers["x-correlation-id"] == TRACE


async def test_a_ready_service_says_so(probe):
    assert (await probe.client.get("/livez")).json() == {"status": "ok"}
    answer = await probe.client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "findings": {}})


async def test_events_that_wait_degrade_a_service_that_goes_on(probe):
    async with probe.database.transaction() as session:
        await session.execute(
            text(
                "INSERT INTO outbox (id, routing_key, message, created_at)"
                " VALUES (gen_random_uuid(), 'testing.waited.v1', '', now() - interval '1 minute')"
            )
        )
    answer = await probe.client.get("/readyz")
    async with probe.database.transaction() as session:
        await session.execute(text("DELETE FROM outbox"))
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert list(answer.json()["findings"]) == ["outbox"]


async def test_without_its_database_a_service_lives_but_is_not_ready(start):
    password = uuid4().hex
    probe = await start(f"postgresql+asyncpg://x:{password}@127.0.0.1:1/x")
    assert (await probe.client.get("/livez")).status_code == 200
    answer = await probe.client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "unready")
    assert answer.json()["findings"]["database"] == "ConnectionRefusedError"
    assert password not in answer.text


async def test_requests_are_counted_by_route_and_not_by_address(probe):
    for number in range(3):
        await probe.client.get("/api/v1/searches", params={"plan_id": str(number)})
        await probe.client.get(f"/api/v1/nothing/{number}")
    metrics = (await probe.client.get("/metrics")).text
    counted = [line for line in metrics.splitlines() if line.startswith("http_requests_total{")]
    assert any('route="/searches"' in line and 'status="422"' in line for line in counted), counted
    assert any('route="(none)"' in line and 'status="404"' in line for line in counted)
    assert not any("nothing" in line for line in counted)


async def test_the_pages_of_operators_are_not_in_the_document_of_the_api(probe):
    paths = (await probe.client.get("/openapi.json")).json()["paths"]
    assert not {"/livez", "/readyz", "/metrics"} & set(paths)
