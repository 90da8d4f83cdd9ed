"""One OpenAPI document out of the services' own."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import httpx
import jsonschema_rs
import pytest
import schemathesis
from fastapi import APIRouter, FastAPI, Header
from pydantic import BaseModel
from schemathesis.core.result import Ok
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.auth import CurrentUser
from gateway.testing import Services, free_port

StartGateway = Callable[..., Awaitable[httpx.AsyncClient]]


def sales() -> FastAPI:
    class Money(BaseModel):
        amount: int

    class Item(BaseModel):
        price: Money

    class Plan(BaseModel):
        plan_id: str
        items: list[Item]

    class Order(BaseModel):
        order_id: str

    router = APIRouter(prefix="/api/v1", tags=["sales"])

    @router.get("/plans", summary="The <plans>")
    async def plans(address: Annotated[str | None, Header(alias="X-Client-Address")] = None) -> list[Plan]:
        return []

    @router.get("/orders/{order_id}")
    async def order(order_id: str, user: CurrentUser) -> Order:
        return Order(order_id=order_id)

    @router.post("/orders", status_code=201)
    async def place(body: Plan, user: CurrentUser, idempotency_key: Annotated[str, Header()]) -> Order:
        return Order(order_id="")

    return application(router, "sales")


def payment() -> FastAPI:
    class Money(BaseModel):
        amount: int
        currency: str

    class Item(BaseModel):
        price: Money

    class Bill(BaseModel):
        id: str
        rows: list[Item]

    class Bills(BaseModel):
        items: list[Bill]

    router = APIRouter(prefix="/api/v1", tags=["payment"])

    @router.get("/bills")
    async def bills(order_id: str, user: CurrentUser) -> Bills:
        return Bills(items=[])

    @router.get("/plans")
    async def not_mine() -> str:
        return ""

    return application(router, "payment")


def application(router: APIRouter, name: str) -> FastAPI:
    app = FastAPI(title=name)
    app.include_router(router)

    @app.get("/internal/everything")
    async def internal() -> str:
        return ""

    return app


def describes(app: FastAPI | None) -> Callable[[Request], Awaitable[Response]]:
    async def handler(_: Request) -> Response:
        return JSONResponse(app.openapi() if app else {}, 200 if app else 500)

    return handler


@pytest.fixture
def described(services: Services) -> Services:
    services.sales.handler = describes(sales())
    services.payment.handler = describes(payment())
    services.identity.handler = services.notify.handler = describes(FastAPI(title="empty"))
    return services


async def test_the_document_has_what_the_gateway_routes_and_nothing_else(
    start_gateway: StartGateway, described: Services
) -> None:
    document = (await (await start_gateway()).get("/api/openapi.json")).json()
    assert {path: sorted(item) for path, item in document["paths"].items()} == {
        "/api/v1/plans": ["get"],
        "/api/v1/orders": ["post"],
        "/api/v1/orders/{order_id}": ["get"],
        "/api/v1/bills": ["get"],
    }
    assert document["paths"]["/api/v1/plans"]["get"]["tags"] == ["sales"]
    assert "x-unavailable-services" not in document


async def test_the_document_is_valid_and_its_references_lead_somewhere(
    start_gateway: StartGateway, described: Services
) -> None:
    document = (await (await start_gateway()).get("/api/openapi.json")).json()
    schema = schemathesis.openapi.from_dict(document)
    schema.validate()
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert {operation.label for operation in operations} == {
        "GET /api/v1/plans",
        "GET /api/v1/orders/{order_id}",
        "POST /api/v1/orders",
        "GET /api/v1/bills",
    }
    for name in document["components"]["schemas"]:
        reference = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        jsonschema_rs.Draft202012Validator(reference)


async def test_names_that_mean_different_things_are_told_apart(
    start_gateway: StartGateway, described: Services
) -> None:
    document = (await (await start_gateway()).get("/api/openapi.json")).json()
    schemas = document["components"]["schemas"]
    assert {"SalesMoney", "PaymentMoney", "SalesItem", "PaymentItem", "Plan", "Bill"} <= schemas.keys()
    assert schemas["Plan"]["properties"]["items"]["items"] == {"$ref": "#/components/schemas/SalesItem"}
    assert schemas["PaymentItem"]["properties"]["price"] == {"$ref": "#/components/schemas/PaymentMoney"}


async def test_every_operation_declares_problems_and_the_one_way_to_log_in(
    start_gateway: StartGateway, described: Services
) -> None:
    document = (await (await start_gateway()).get("/api/openapi.json")).json()
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    for operation in operations:
        content = operation["responses"]["default"]["content"]
        assert content["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}
        assert "422" not in operation["responses"]
        assert operation.get("security", [{"bearer": []}]) == [{"bearer": []}]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert document["components"]["securitySchemes"].keys() == {"bearer"}
    assert "HTTPValidationError" not in document["components"]["schemas"]


async def test_headers_between_gateway_and_services_are_not_shown(
    start_gateway: StartGateway, described: Services
) -> None:
    paths = (await (await start_gateway()).get("/api/openapi.json")).json()["paths"]
    assert paths["/api/v1/plans"]["get"]["parameters"] == []
    assert [one["name"] for one in paths["/api/v1/orders"]["post"]["parameters"]] == ["idempotency-key"]


async def test_the_order_page_is_described_as_it_is_composed(
    start_gateway: StartGateway, described: Services
) -> None:
    document = (await (await start_gateway()).get("/api/openapi.json")).json()
    answer = document["paths"]["/api/v1/orders/{order_id}"]["get"]["responses"]["200"]
    own, parts = answer["content"]["application/json"]["schema"]["allOf"]
    assert own == {"$ref": "#/components/schemas/Order"}
    assert parts["required"] == ["bills", "messages", "partial"]
    assert parts["properties"]["bills"]["items"] == {"$ref": "#/components/schemas/Bill"}


async def test_a_service_that_is_down_is_named_and_appears_when_it_is_back(
    start_gateway: StartGateway, described: Services
) -> None:
    gateway = await start_gateway(document_seconds=0.001)
    described.payment.handler = describes(None)
    partial = (await gateway.get("/api/openapi.json")).json()
    assert partial["x-unavailable-services"] == ["payment"]
    assert "/api/v1/plans" in partial["paths"]
    described.payment.handler = describes(payment())
    assert "/api/v1/bills" in (await gateway.get("/api/openapi.json")).json()["paths"]
    described.payment.handler = describes(None)
    assert "/api/v1/bills" in (await gateway.get("/api/openapi.json")).json()["paths"]


async def test_with_all_services_down_the_document_is_still_answered(start_gateway: StartGateway) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    names = ("identity_urls", "sales_urls", "payment_urls", "notify_urls")
    gateway = await start_gateway(**dict.fromkeys(names, nobody))
    answer = await gateway.get("/api/openapi.json")
    assert answer.status_code == 200
    assert len(answer.json()["x-unavailable-services"]) == 4


async def test_the_document_is_kept(start_gateway: StartGateway, described: Services) -> None:
    gateway = await start_gateway()
    for _ in range(3):
        await gateway.get("/api/openapi.json")
    assert len(described.sales.requests) == 1


async def test_the_page_lists_the_operations_without_loading_anything(
    start_gateway: StartGateway, described: Services
) -> None:
    answer = await (await start_gateway()).get("/docs")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "/api/v1/orders/{order_id}" in answer.text
    assert "The &lt;plans&gt;" in answer.text
    assert "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
