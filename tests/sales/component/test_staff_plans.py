"""The sales manager writes, publishes and watches plans."""

from datetime import timedelta
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


async def test_what_is_wrong_with_a_plan_is_told_before_it_is_written_and_it_is_not_published(office):
    body = office.plan_body(applicant_classes=["ordinary", "veterans"])
    body["offerings"][0] |= {"class_quotas": {"ordinary": 8, "veterans": 5}}
    headers = office.manager | {"Accept-Language": "en"}
    judged = await office.client.post("/api/v1/staff/plans/validation", json=body, headers=headers)
    fault = {
        "field": "offerings.0.class_quotas",
        "code": "quotas_exceed_capacity",
        "message": "The quotas exceed the capacity.",
    }
    assert judged.json() == {"publishable": False, "faults": [fault]}
    plan_id = (await office.client.post("/api/v1/staff/plans", json=body, headers=headers)).json()["plan_id"]
    path = f"/api/v1/staff/plans/{plan_id}"
    preview = (await office.client.get(f"{path}/preview", headers=headers)).json()
    assert (preview["publishable"], preview["page"]["state"]) == (False, "open")
    refused = await office.client.post(f"{path}/publication", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "plan_faulty")
    assert refused.json()["errors"] == [fault]
    body["offerings"][0]["class_quotas"]["veterans"] = 2
    await office.client.put(path, json=body, headers=headers)
    assert (await office.client.post(f"{path}/publication", headers=headers)).status_code == 200


async def test_a_preview_is_the_page_that_the_public_will_see(office):
    terms = {"instalments": [{"after_days": 30}], "deposit": 1_000_000}
    plan_id, _ = await draft(office, kind="instalment", terms=terms)
    path = f"/api/v1/staff/plans/{plan_id}"
    preview = (await office.client.get(f"{path}/preview", headers=office.manager)).json()
    assert (preview["publishable"], preview["faults"]) == (True, [])
    await office.client.post(f"{path}/publication", headers=office.manager)
    assert (await office.client.get(f"/api/v1/plans/{plan_id}")).json() == preview["page"]
    assert preview["page"]["offerings"][0]["schedule"] == [
        {"number": 1, "amount": 8_100_000_000, "after_days": 30, "due_date": None}
    ]


async def test_a_copy_has_the_terms_of_the_earlier_circular_and_a_period_of_its_own(office):
    plan = await office.open_plan(terms={"deposit": 5_000_000}, kind="pre_sale")
    path = f"/api/v1/staff/plans/{plan['plan_id']}"
    times = {"opens_at": plan["opens_at"], "closes_at": plan["closes_at"]}
    copied = await office.client.post(
        f"{path}/copy", json={"circular": f"C-{uuid4().hex}", **times}, headers=office.manager
    )
    assert copied.status_code == 201, copied.text
    copy = copied.json()
    assert (copy["state"], copy["copied_from"]) == ("draft", plan["plan_id"])
    assert (copy["title"], copy["terms"], copy["kind"]) == (plan["title"], plan["terms"], plan["kind"])
    assert copy["offerings"][0]["offering_id"] != plan["offerings"][0]["offering_id"]
    mine = f"/api/v1/staff/plans/{copy['plan_id']}"
    overlapping = await office.client.post(f"{mine}/publication", headers=office.manager)
    assert [error["code"] for error in overlapping.json()["errors"]] == ["overlapping_period"]
    taken = await office.client.post(
        f"{path}/copy", json={"circular": copy["circular"], **times}, headers=office.manager
    )
    assert (taken.status_code, taken.json()["code"]) == (409, "circular_taken")


async def test_a_paused_plan_takes_no_orders_until_it_is_resumed(office):
    plan = await office.open_plan()
    [buyer] = await office.customers(1)
    path = f"/api/v1/staff/plans/{plan['plan_id']}"
    paused = await office.client.post(f"{path}/pause", headers=office.manager)
    assert (paused.json()["state"], paused.json()["paused"]) == ("paused", True)
    refused = await office.order(buyer, plan)
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_paused")
    twice = await office.client.post(f"{path}/pause", headers=office.manager)
    assert (twice.status_code, twice.json()["code"]) == (409, "illegal_plan_move")
    assert (await office.client.get(f"/api/v1/plans/{plan['plan_id']}")).json()["state"] == "paused"
    await office.client.post(f"{path}/resume", headers=office.manager)
    assert (await office.order(buyer, plan)).status_code == 201


async def test_a_plan_cannot_be_closed_in_the_instant_in_which_it_opens(office):
    plan = await office.open_plan()
    path = f"/api/v1/staff/plans/{plan['plan_id']}/closure"
    refused = await office.client.post(path, headers=office.manager)
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_just_opened")
    office.clock.advance(seconds=1)
    assert (await office.client.post(path, headers=office.manager)).status_code == 200


async def test_the_public_list_is_narrowed_by_kind_state_and_model(office):
    opening = (office.clock() + timedelta(hours=1)).isoformat()
    one = await office.open_plan()
    two = await office.open_plan(kind="pre_sale", opens_at=opening)
    assert (one["opens_at"], two["state"]) != (two["opens_at"], "open")

    async def listed(**query):
        items = (await office.client.get("/api/v1/plans", params=query)).json()["items"]
        return {item["plan_id"]: item["opens_in_seconds"] for item in items}

    assert await listed() == {one["plan_id"]: None, two["plan_id"]: 3600}
    assert await listed(kind="pre_sale") == await listed(state="published") == {two["plan_id"]: 3600}
    assert await listed(state="open", kind="immediate") == {one["plan_id"]: None}
    assert await listed(model="نوبت") == await listed(model="كامل") == await listed()
    assert await listed(model="سپند") == {}


async def test_a_copy_with_a_reversed_period_names_the_fault(office):
    plan = await office.open_plan()
    times = {"opens_at": plan["closes_at"], "closes_at": plan["opens_at"]}
    path = f"/api/v1/staff/plans/{plan['plan_id']}/copy"
    refused = await office.client.post(path, json={"circular": "C-x", **times}, headers=office.manager)
    assert refused.status_code == 422
    assert [error["code"] for error in refused.json()["errors"]] == ["plan_window"]
