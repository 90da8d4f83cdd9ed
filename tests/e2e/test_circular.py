"""A circular from its draft to the sold colour: judged, previewed, published, paused, changed, copied."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from nobat.testing.listening import listening
from nobat.testing.plan import CAR, order_form, plan_form
from nobat.testing.visitor import Visitor, answer

WHITE, BLACK = CAR["colours"]


async def test_a_divided_plan_is_judged_published_paused_and_sold_to_the_last_colour(
    manager: Visitor, buyer: Visitor, dealership_id: str
) -> None:
    form = plan_form(
        car={"capacity": 2, "colour_quotas": {WHITE: 2, BLACK: 1}}, terms={"colour_until": "payment"}
    )
    judged = await manager.post("/staff/plans/validation", form, 200)
    assert [fault["code"] for fault in judged["faults"]] == ["quotas_exceed_capacity"]
    form["offerings"][0]["colour_quotas"] = {WHITE: 1, BLACK: 1}
    plan = await manager.post("/staff/plans", form)
    path = f"/staff/plans/{plan['plan_id']}"
    preview = await manager.get(f"{path}/preview")
    assert preview["publishable"]
    await manager.post(f"{path}/publication", expected=200)
    await manager.until_known_everywhere(plan["plan_id"])
    assert (await buyer.get(f"/plans/{plan['plan_id']}"))["terms"] == preview["page"]["terms"]

    async with listening(buyer, f"/plans/{plan['plan_id']}") as events:
        await manager.post(f"{path}/pause", expected=200)
        await events.until("paused")
        await manager.until_known_everywhere(plan["plan_id"], "paused")
        refused = await buyer.post("/orders", order_form(plan, dealership_id, colour=WHITE), 409)
        assert refused["code"] == "plan_paused"
        await manager.post(f"{path}/resume", expected=200)
        await events.until("open")
    await manager.until_known_everywhere(plan["plan_id"], "open")

    await buyer.until_eligible(plan)
    placed = await buyer.post("/orders", order_form(plan, dealership_id, colour=WHITE))
    changed = answer(await buyer.ask("PATCH", f"/orders/{placed['order_id']}", {"colour": BLACK}), 200)
    assert (changed["colour"], changed["timeline"][-1]["state"]) == (BLACK, "colour_changed")
    quotas = (await manager.get(path))["offerings"][0]["quotas"]
    assert {quota["key"]: quota["sold"] for quota in quotas} == {WHITE: 0, BLACK: 1}

    later = datetime.now(UTC) + timedelta(days=30)
    times = {"opens_at": later.isoformat(), "closes_at": (later + timedelta(days=1)).isoformat()}
    copy = await manager.post(f"{path}/copy", {"circular": f"T-{uuid4().hex[:12]}", **times})
    assert (copy["state"], copy["copied_from"]) == ("draft", plan["plan_id"])
