"""Who listens to a plan hears when it opens, pauses, sells out and closes, and nothing else."""

import json
from uuid import uuid4

import pytest

from chassis.testing.eventually import eventually


@pytest.fixture
async def plan(office):
    """A plan with one car."""
    return await office.open_plan(capacity=1)


async def first(office, plan):
    """The event as it is now: its mark and its data."""
    path = f"/api/v1/plans/{plan['plan_id']}/events"
    answer = await office.client.get(path, headers=office.buyer(uuid4()))
    assert answer.headers["content-type"].startswith("text/event-stream")
    lines = dict(line.split(": ", 1) for line in answer.text.splitlines() if line)
    assert lines["event"] == "plan"
    return lines["id"], json.loads(lines["data"])


async def changed(office, plan, mark):
    question = {"known": {plan["plan_id"]: mark, str(uuid4()): "a plan that is not published"}}
    answer = await office.client.post("/live/plans", json=question)
    assert answer.status_code == 200, answer.text
    return answer.json()["changed"]


async def test_a_listener_hears_of_each_change_once(office, plan):
    mark, told = await first(office, plan)
    assert (told["state"], told["sold_out"]) == ("open", [])
    assert await changed(office, plan, mark) == []

    [buyer] = await office.customers(1)
    assert (await office.order(buyer, plan)).status_code == 201
    [change] = await eventually(lambda: changed(office, plan, mark))
    assert plan["offerings"][0]["offering_id"] in change["event"]
    mark, told = await first(office, plan)
    assert (mark, told["sold_out"]) == (change["mark"], [plan["offerings"][0]["offering_id"]])
    assert await changed(office, plan, mark) == []

    office.clock.advance(days=3)
    [change] = await changed(office, plan, mark)
    assert '"state":"closed"' in change["event"]


async def test_nobody_listens_to_what_is_not_published_or_without_an_account(office):
    drafted = await office.client.post("/api/v1/staff/plans", json=office.plan_body(), headers=office.manager)
    path = f"/api/v1/plans/{drafted.json()['plan_id']}/events"
    assert (await office.client.get(path, headers=office.buyer(uuid4()))).status_code == 404
    assert (await office.client.get(path)).status_code == 401
