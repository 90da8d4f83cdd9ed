"""Who wrote, published and closed a plan is in the audit trail, and an auditor reads it."""

from datetime import timedelta
from uuid import uuid4

TRAIL = "/api/v1/staff/audit/sales"


async def trail_of(office, writer):
    auditor = office.keys.authorization(uuid4(), ["auditor"])
    answer = await office.client.get(TRAIL, params={"actor": str(writer)}, headers=auditor)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_each_change_of_a_plan_is_noted_with_who_and_from_where(office):
    writer = uuid4()
    headers = office.keys.authorization(writer, ["manager"]) | {"X-Client-Address": "10.1.2.3"}
    plans = "/api/v1/staff/plans"
    opened = (office.clock() - timedelta(hours=1)).isoformat()
    body = office.plan_body(opens_at=opened)
    plan_id = (await office.client.post(plans, json=body, headers=headers)).json()["plan_id"]
    await office.client.put(f"{plans}/{plan_id}", json=body | {"title": "دیگر"}, headers=headers)
    for move in ("publication", "closure", "archive"):
        moved = await office.client.post(f"{plans}/{plan_id}/{move}", headers=headers)
        assert moved.status_code == 200, moved.text
    entries = await trail_of(office, writer)
    deeds = [entry["action"].removeprefix("sales.plan.") for entry in reversed(entries)]
    assert deeds == ["drafted", "rewritten", "published", "closed", "archived"]
    assert {(entry["client"], entry["details"]["plan_id"]) for entry in entries} == {("10.1.2.3", plan_id)}
    assert all(entry["roles"] == ["manager"] for entry in entries)


async def test_what_was_refused_is_not_noted_as_done(office):
    writer = uuid4()
    headers = office.keys.authorization(writer, ["manager"])
    refused = await office.client.post(f"/api/v1/staff/plans/{uuid4()}/publication", headers=headers)
    assert refused.status_code == 404
    assert await trail_of(office, writer) == []


async def test_a_repeated_request_is_noted_once(office):
    writer = uuid4()
    headers = office.keys.authorization(writer, ["manager"]) | {"Idempotency-Key": f"trail-{uuid4()}"}
    body = office.plan_body()
    for _ in range(2):
        await office.client.post("/api/v1/staff/plans", json=body, headers=headers)
    assert len(await trail_of(office, writer)) == 1
