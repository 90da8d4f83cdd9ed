"""The sales manager writes, publishes and watches plans."""

from uuid import uuid4


async def draft(office, **changes):
    body = office.plan_body(**changes)
    answer = await office.client.post("/api/v1/staff/plans", json=body, headers=office.manager)
    return answer.json()["plan_id"], body


async def test_a_draft_is_public_only_after_its_publication(office):
    plan_id, _ = await draft(office)
    assert (await office.client.get(f"/api/v1/plans/{plan_id}")).status_code == 404
    published = await office.client.post(f"/api/v1/staff/plans/{plan_id}/publication", headers=office.manager)
    assert published.json()["state"] == "open"
    page = (await office.client.get(f"/api/v1/plans/{plan_id}")).json()
    assert (page["state"], page["sold_out"], page["offerings"][0]["available"]) == ("open", False, 10)
    listed = (await office.client.get("/api/v1/plans")).json()["items"]
    assert [item["plan_id"] for item in listed] == [plan_id]


async def test_only_managers_reach_the_staff_routes(office):
    body = office.plan_body()
    buyer = office.buyer(uuid4())
    assert (await office.client.post("/api/v1/staff/plans", json=body, headers=buyer)).status_code == 403
    assert (await office.client.post("/api/v1/staff/plans", json=body)).status_code == 401
    auditor = office.keys.authorization(uuid4(), ["auditor"])
    assert (await office.client.get("/api/v1/staff/plans", headers=auditor)).status_code == 200
    assert (await office.client.post("/api/v1/staff/plans", json=body, headers=auditor)).status_code == 403


async def test_a_draft_can_be_rewritten_and_a_published_plan_cannot(office):
    plan_id, body = await draft(office)
    path = f"/api/v1/staff/plans/{plan_id}"
    rewritten = await office.client.put(path, json=body | {"title": "دیگر"}, headers=office.manager)
    assert (rewritten.json()["title"], rewritten.json()["version"]) == ("دیگر", 2)
    await office.client.post(f"{path}/publication", headers=office.manager)
    refused = await office.client.put(path, json=body, headers=office.manager)
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_plan_move")


async def test_a_repeated_draft_request_makes_one_plan(office):
    body = office.plan_body()
    headers = office.keys.authorization(uuid4(), ["manager"]) | {"Idempotency-Key": "draft-0001"}
    first = await office.client.post("/api/v1/staff/plans", json=body, headers=headers)
    again = await office.client.post("/api/v1/staff/plans", json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = await office.client.post("/api/v1/staff/plans", json=body | {"title": "x"}, headers=headers)
    assert other.json()["code"] == "idempotency_key_reused"


async def test_two_plans_cannot_have_one_circular_number(office):
    _, body = await draft(office)
    answer = await office.client.post("/api/v1/staff/plans", json=body, headers=office.manager)
    assert (answer.status_code, answer.json()["code"]) == (409, "circular_taken")


async def test_a_wrong_plan_is_told_all_its_faults(office):
    body = office.plan_body(closes_at=office.clock().isoformat(), kind="barter")
    body["offerings"][0] |= {"prepayment": 10**12, "capacity": 0}
    answer = await office.client.post("/api/v1/staff/plans", json=body, headers=office.manager)
    assert answer.status_code == 422
    fields = {error["field"] for error in answer.json()["errors"]}
    assert {"kind", "offerings.0.capacity"} <= fields


async def test_the_manager_watches_what_is_sold(office):
    plan = await office.open_plan()
    for buyer in await office.customers(3):
        await office.order(buyer, plan)
    path = f"/api/v1/staff/plans/{plan['plan_id']}"
    watched = (await office.client.get(path, headers=office.manager)).json()
    assert watched["offerings"][0]["sold"] == 3
    assert watched["orders"] == {"awaiting_payment": 3}


async def test_an_open_plan_can_be_closed_at_once_and_archived(office):
    plan = await office.open_plan()
    path = f"/api/v1/staff/plans/{plan['plan_id']}"
    office.clock.advance(seconds=1)
    closed = await office.client.post(f"{path}/closure", headers=office.manager)
    assert closed.json()["state"] == "closed"
    archived = await office.client.post(f"{path}/archive", headers=office.manager)
    assert archived.json()["state"] == "archived"
    assert (await office.client.get(f"/api/v1/plans/{plan['plan_id']}")).status_code == 404
