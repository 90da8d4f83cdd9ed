"""Live streams: begun by sales, kept by the gateway, ended when they have to be."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.errors import NotFound
from chassis.problems import answer
from chassis.testing.clock import MovableClock
from chassis.testing.eventually import eventually
from chassis.testing.tokens import TestKeys

FAST = {"live_poll_seconds": 0.05, "heartbeat_seconds": 1}
MORE_THAN_A_CONNECTION_HOLDS = "x" * 16_000_000


class Orders:
    """Sales with one order, as far as the gateway asks about it."""

    def __init__(self, owner: UUID) -> None:
        self.order_id, self.owner, self.version = str(uuid4()), owner, 1
        self.data = "{}"
        self.questions: list[dict[str, str]] = []

    @property
    def path(self) -> str:
        return f"/api/v1/orders/{self.order_id}/events"

    @property
    def event(self) -> str:
        return f"id: {self.version}-1\nevent: order\ndata: {self.data}\n\n"

    async def change(self) -> None:
        """Returns when the gateway has told it."""
        self.version += 1
        told = {self.order_id: f"{self.version}-1"}
        await eventually(lambda: asyncio.sleep(0, told in self.questions[-1:]))

    async def __call__(self, request: Request) -> Response:
        if request.url.path != "/live/orders":
            found = request.url.path == self.path
            return Response(self.event) if found else answer(NotFound(), None)
        known = json.loads(await request.body())["known"]
        self.questions.append(known)
        mark = f"{self.version}-1"
        change = {
            "order_id": self.order_id,
            "customer_id": str(self.owner),
            "mark": mark,
            "event": self.event,
        }
        return JSONResponse({"changed": [change] if known.get(self.order_id, mark) != mark else []})


class Plan:
    """Sales with one plan that anybody may listen to."""

    def __init__(self) -> None:
        self.plan_id, self.state = str(uuid4()), "published"

    @property
    def path(self) -> str:
        return f"/api/v1/plans/{self.plan_id}/events"

    @property
    def event(self) -> str:
        return f"id: {self.state}\nevent: plan\ndata: {{}}\n\n"

    async def __call__(self, request: Request) -> Response:
        if request.url.path != "/live/plans":
            return Response(self.event)
        known = json.loads(await request.body())["known"]
        change = {"plan_id": self.plan_id, "mark": self.state, "event": self.event}
        return JSONResponse({"changed": [change] if known != {self.plan_id: self.state} else []})


@pytest.fixture
def owner() -> UUID:
    return uuid4()


@pytest.fixture
def orders(services, owner) -> Orders:
    sales = Orders(owner)
    services.sales.handler = sales
    return sales


@asynccontextmanager
async def listening(client, source, login, **headers: str) -> AsyncIterator[AsyncIterator[str]]:
    """The events of the stream, comments and hints left out; it ends with the stream."""
    async with client.stream("GET", source.path, headers=login | headers, timeout=60) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield (line[4:] async for line in response.aiter_lines() if line.startswith("id: "))


async def test_a_listener_hears_how_it_is_and_of_every_change(start_gateway, orders, keys, owner):
    client = await start_gateway(**FAST)
    async with listening(client, orders, keys.authorization(owner)) as events:
        assert await anext(events) == "1-1"
        orders.version = 2
        assert await anext(events) == "2-1"
        orders.version = 3
        assert await anext(events) == "3-1"


async def test_who_reads_late_hears_how_it_is_then(start_gateway, orders, keys, owner):
    client = await start_gateway(live_poll_seconds=0.05, heartbeat_seconds=60)
    orders.data = MORE_THAN_A_CONNECTION_HOLDS
    async with listening(client, orders, keys.authorization(owner)) as events:
        for _ in range(5):
            await orders.change()
        heard = [await anext(events)]
        while heard[-1] != f"{orders.version}-1":
            heard.append(await anext(events))
    assert heard[0] == "1-1"
    assert len(heard) < orders.version


async def test_who_never_reads_is_let_go(start_gateway, orders, keys, owner, problem_of):
    client = await start_gateway(**FAST, max_listeners_of_a_person=1)
    login = keys.authorization(owner)
    orders.data = MORE_THAN_A_CONNECTION_HOLDS
    async with listening(client, orders, login):
        for _ in range(2):
            await orders.change()
        assert problem_of(await client.get(orders.path, headers=login)) == "too_many_streams"
        orders.data = "{}"

        async def has_room() -> bool:
            async with client.stream("GET", orders.path, headers=login) as response:
                return bool(response.status_code == 200)

        assert await eventually(has_room)


async def test_all_listeners_of_a_process_are_one_question(start_gateway, orders, keys, owner):
    client = await start_gateway(**FAST)
    login = keys.authorization(owner)
    async with listening(client, orders, login) as one, listening(client, orders, login) as other:
        await anext(one), await anext(other)
        orders.questions.clear()
        await eventually(lambda: asyncio.sleep(0, len(orders.questions) > 1))
        assert all(question == {orders.order_id: "1-1"} for question in orders.questions)
        orders.version = 2
        assert (await anext(one), await anext(other)) == ("2-1", "2-1")


async def test_everybody_hears_what_becomes_of_a_plan(start_gateway, services, keys, problem_of):
    services.sales.handler = plan = Plan()
    client = await start_gateway(**FAST)
    one, other = (keys.authorization(uuid4()) for _ in range(2))
    async with listening(client, plan, one) as first, listening(client, plan, other) as second:
        assert (await anext(first), await anext(second)) == ("published", "published")
        plan.state = "open"
        assert (await anext(first), await anext(second)) == ("open", "open")
    assert problem_of(await client.get(plan.path)) == "unauthenticated"


async def test_who_comes_back_with_what_they_know_hears_only_what_is_new(start_gateway, orders, keys, owner):
    client = await start_gateway(**FAST)
    async with listening(client, orders, keys.authorization(owner), **{"Last-Event-ID": "1-1"}) as events:
        orders.version = 2
        assert await anext(events) == "2-1"


async def test_nobody_listens_to_an_order_that_is_not_theirs(gateway, orders, login, problem_of):
    response = await gateway.get(f"/api/v1/orders/{uuid4()}/events", headers=login)
    assert problem_of(response) == "not_found"
    assert problem_of(await gateway.get(orders.path)) == "unauthenticated"


async def test_the_stream_ends_for_who_does_not_own_the_order_any_more(start_gateway, orders, keys, owner):
    client = await start_gateway(**FAST)
    async with listening(client, orders, keys.authorization(owner)) as events:
        assert await anext(events) == "1-1"
        orders.owner, orders.version = uuid4(), 2
        assert [event async for event in events] == []


async def test_the_stream_ends_with_the_token(start_gateway, orders, owner):
    clock = MovableClock()
    keys = TestKeys(clock)
    client = await start_gateway(keys=keys, clock=clock, **FAST)
    async with listening(client, orders, keys.authorization(owner)) as events:
        assert await anext(events) == "1-1"
        clock.advance(hours=24)
        assert [event async for event in events] == []


async def test_streams_end_when_the_process_is_told_to(start_gateway, orders, keys, owner):
    stop = asyncio.Event()
    client = await start_gateway(stop=stop, **FAST)
    async with listening(client, orders, keys.authorization(owner)) as events:
        assert await anext(events) == "1-1"
        stop.set()
        async with asyncio.timeout(60):
            assert [event async for event in events] == []


async def test_streams_are_counted_and_given_back(start_gateway, orders, keys, owner, problem_of):
    client = await start_gateway(**FAST, max_listeners=3, max_listeners_of_a_person=1)
    login = keys.authorization(owner)
    async with listening(client, orders, login) as events:
        await anext(events)
        assert problem_of(await client.get(orders.path, headers=login)) == "too_many_streams"

    async def listens() -> bool:
        async with client.stream("GET", orders.path, headers=login) as response:
            return bool(response.status_code == 200)

    assert await eventually(listens)


async def test_an_outage_of_sales_ends_no_stream(start_gateway, services, orders, keys, owner):
    client = await start_gateway(**FAST)
    async with listening(client, orders, keys.authorization(owner)) as events:
        await anext(events)
        services.sales.answers({}, 503)
        seen = len(services.sales.requests)
        await eventually(lambda: asyncio.sleep(0, len(services.sales.requests) > seen + 1))
        orders.version = 2
        services.sales.handler = orders
        assert await anext(events) == "2-1"
