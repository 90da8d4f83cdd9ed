"""The order page, put together from sales, payment and notify."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from gateway.testing import Services, free_port

StartGateway = Callable[..., Awaitable[httpx.AsyncClient]]
ProblemOf = Callable[[httpx.Response], str]

ORDER = {"order_id": "7", "request_number": "1405-1", "state": "placed", "timeline": [], "title": "طرح"}
BILLS = [{"id": "b", "amount": 5}]
MESSAGES = [{"message_id": "m", "text": "سلام"}]


@pytest.fixture
def composed(services: Services) -> Services:
    services.sales.answers(ORDER, etag='"a"')
    services.payment.answers({"items": BILLS, "next_cursor": None})
    services.notify.answers({"items": MESSAGES, "next_cursor": None})
    return services


async def test_an_order_comes_with_its_bills_and_messages(
    gateway: httpx.AsyncClient, composed: Services, login: dict[str, str]
) -> None:
    answer = await gateway.get("/api/v1/orders/7", headers={**login, "If-None-Match": '"a"'})
    assert answer.status_code == 200
    assert answer.json() == {**ORDER, "bills": BILLS, "messages": MESSAGES, "partial": []}
    assert "etag" not in answer.headers
    assert "if-none-match" not in composed.sales.last.headers
    for service, path in ((composed.payment, "/api/v1/bills"), (composed.notify, "/api/v1/messages")):
        assert (service.last.url.path, service.last.url.query) == (path, "order_id=7")
        assert service.last.headers["authorization"] == login["Authorization"]


async def test_a_part_whose_service_is_down_is_null_and_named(
    start_gateway: StartGateway, composed: Services, login: dict[str, str]
) -> None:
    gateway = await start_gateway(payment_urls=f"http://127.0.0.1:{free_port()}")
    answer = await gateway.get("/api/v1/orders/7", headers=login)
    assert answer.status_code == 200
    assert answer.json() == {**ORDER, "bills": None, "messages": MESSAGES, "partial": ["bills"]}


async def test_a_part_that_is_slow_is_not_waited_for(
    start_gateway: StartGateway, composed: Services, login: dict[str, str]
) -> None:
    gateway = await start_gateway(part_seconds=0.1)
    composed.notify.sleeps(5)
    answer = await gateway.get("/api/v1/orders/7", headers=login)
    assert answer.json() == {**ORDER, "bills": BILLS, "messages": None, "partial": ["messages"]}


@pytest.mark.parametrize(
    ("content", "status"), [({}, 500), ({}, 200), ([], 200), ("text", 200), ({"items": []}, 403)]
)
async def test_a_part_that_makes_no_sense_is_missing(
    gateway: httpx.AsyncClient, composed: Services, login: dict[str, str], content: object, status: int
) -> None:
    composed.payment.answers(content, status=status)
    composed.notify.answers(content, status=status)
    answer = await gateway.get("/api/v1/orders/7", headers=login)
    assert answer.status_code == 200
    assert answer.json()["partial"] == ["bills", "messages"]


@pytest.mark.parametrize("status", [404, 409, 422, 503])
async def test_what_sales_refuses_is_refused(
    gateway: httpx.AsyncClient, composed: Services, login: dict[str, str], status: int
) -> None:
    composed.sales.answers({"code": "x"}, status=status, content_type="application/problem+json")
    answer = await gateway.get("/api/v1/orders/7", headers=login)
    assert (answer.status_code, answer.json()) == (status, {"code": "x"})
    assert answer.headers["content-type"] == "application/problem+json"


async def test_without_sales_there_is_no_order_page(
    start_gateway: StartGateway, composed: Services, login: dict[str, str], problem_of: ProblemOf
) -> None:
    gateway = await start_gateway(sales_urls=f"http://127.0.0.1:{free_port()}")
    assert problem_of(await gateway.get("/api/v1/orders/7", headers=login)) == "unavailable"


async def test_an_order_id_cannot_add_to_the_question(
    gateway: httpx.AsyncClient, composed: Services, login: dict[str, str]
) -> None:
    await gateway.get("/api/v1/orders/7&customer=8", headers=login)
    assert composed.payment.last.query_params.multi_items() == [("order_id", "7&customer=8")]


async def test_the_list_and_what_is_below_an_order_are_not_composed(
    gateway: httpx.AsyncClient, composed: Services, login: dict[str, str]
) -> None:
    assert (await gateway.get("/api/v1/orders", headers=login)).json() == ORDER
    assert (await gateway.get("/api/v1/orders/7/contract", headers=login)).json() == ORDER
    assert not composed.payment.requests


def seen(number: int, action: str) -> dict[str, str]:
    return {"access_id": f"01980000-0000-7000-8000-{number:012}", "action": action}


async def test_who_looked_is_told_by_all_services_newest_first(
    gateway: httpx.AsyncClient, services: Services, login: dict[str, str]
) -> None:
    services.identity.answers({"items": [seen(3, "i"), seen(1, "i")], "next_cursor": None, "partial": []})
    services.sales.answers({"items": [seen(4, "s"), seen(2, "s")], "next_cursor": None, "partial": []})
    services.payment.answers({"code": "x"}, status=503)
    services.notify.answers({"items": [], "next_cursor": None, "partial": []})
    cursor = seen(9, "")["access_id"]
    answer = await gateway.get(f"/api/v1/me/access-log?cursor={cursor}", headers=login)
    assert answer.status_code == 200
    assert answer.json() == {
        "items": [seen(4, "s"), seen(3, "i"), seen(2, "s"), seen(1, "i")],
        "next_cursor": None,
        "partial": ["payment"],
    }
    for service in vars(services).values():
        assert str(service.last.url).endswith(f"/api/v1/me/access-log?cursor={cursor}")
        assert service.last.headers["authorization"] == login["Authorization"]


async def test_who_looked_comes_in_pages_that_go_on_where_the_last_one_ended(
    gateway: httpx.AsyncClient, services: Services, login: dict[str, str]
) -> None:
    empty: dict[str, object] = {"items": [], "next_cursor": None, "partial": []}
    odd, even = ([seen(n, "x") for n in range(last, 0, -2)] for last in (99, 60))
    services.identity.answers({"items": odd, "next_cursor": odd[-1]["access_id"], "partial": []})
    services.sales.answers({"items": even, "next_cursor": None, "partial": []})
    services.payment.answers(empty)
    services.notify.answers(empty)
    answer = (await gateway.get("/api/v1/me/access-log", headers=login)).json()
    assert len(answer["items"]) == 50
    assert answer["items"] == sorted(odd + even, key=lambda one: one["access_id"], reverse=True)[:50]
    assert answer["next_cursor"] == answer["items"][-1]["access_id"]


@pytest.mark.parametrize("status", [401, 422, 503])
async def test_whom_identity_refuses_is_told_nothing(
    gateway: httpx.AsyncClient, services: Services, login: dict[str, str], status: int
) -> None:
    services.identity.answers({"code": "x"}, status=status, content_type="application/problem+json")
    services.sales.answers({"items": [seen(1, "s")], "next_cursor": None, "partial": []})
    answer = await gateway.get("/api/v1/me/access-log", headers=login)
    assert (answer.status_code, answer.json()) == (status, {"code": "x"})
