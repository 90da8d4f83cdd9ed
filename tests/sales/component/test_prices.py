"""A published plan's car costs something else from a day on; orders keep the price they were made at."""

from datetime import timedelta
from uuid import uuid4

import pytest

from iran import tehran_date

PRICE, PREPAYMENT = 9_500_000_000, 950_000_000


@pytest.fixture
async def shop(office):
    """A manager's requests about the price of the one car of an open plan of ten days."""
    closes = (office.clock() + timedelta(days=10)).isoformat()
    plan = await office.open_plan(closes_at=closes)
    path = f"/api/v1/staff/plans/{plan['plan_id']}/prices"

    async def decide(days=0, headers=office.manager, **changes):
        body = {
            "offering_id": plan["offerings"][0]["offering_id"],
            "valid_from": (tehran_date(office.clock()) + timedelta(days=days)).isoformat(),
            "price": PRICE,
            "prepayment": PREPAYMENT,
        }
        return await office.client.post(path, json=body | changes, headers=headers)

    return plan, path, decide


async def shown(office, plan):
    car = (await office.client.get(f"/api/v1/plans/{plan['plan_id']}")).json()["offerings"][0]
    return car["price"], car["prepayment"]


async def test_a_price_of_today_holds_at_once_for_new_orders_only(office, shop):
    plan, path, decide = shop
    before, after = await office.customers(2)
    assert (await office.order(before, plan)).status_code == 201
    decided = await decide()
    assert decided.status_code == 201, decided.text
    assert decided.json()["applied_at"]
    assert await shown(office, plan) == (PRICE, PREPAYMENT)
    assert (await office.order(after, plan)).status_code == 201
    prices = {order.customer_id: (order.price, order.prepayment) for order in await office.orders_of(plan)}
    assert prices == {before: (9_000_000_000, 900_000_000), after: (PRICE, PREPAYMENT)}
    listed = (await office.client.get(path, headers=office.manager)).json()["items"]
    assert [row["price_id"] for row in listed] == [decided.json()["price_id"]]
    auditor = office.keys.authorization(uuid4(), ["auditor"])
    trail = await office.client.get("/api/v1/staff/audit/sales?action=sales.price", headers=auditor)
    newest = trail.json()["items"][0]
    assert (newest["action"], newest["details"]["price"]) == ("sales.price.decided", PRICE)


async def test_a_price_of_a_coming_day_waits_for_it_and_the_latest_holds(office, shop):
    plan, _, decide = shop
    for days, price in ((1, PRICE), (2, PRICE + 1_000)):
        assert (await decide(days, price=price)).json()["applied_at"] is None
    [job] = [job for job in office.service.jobs if job.name == "sales.prices"]
    await job.run()
    assert (await shown(office, plan))[0] == 9_000_000_000
    office.clock.advance(days=2)
    await job.run()
    await office.service.resources[0].refresh()
    assert await shown(office, plan) == (PRICE + 1_000, PREPAYMENT)


async def test_what_cannot_be_is_refused_by_name(office, shop):
    _plan, path, decide = shop
    assert (await decide(-1)).json()["code"] == "price_in_the_past"
    assert (await decide(offering_id=str(uuid4()))).status_code == 404
    assert (await decide(prepayment=PRICE + 1_000)).status_code == 422
    assert (await decide(1)).status_code == 201
    assert (await decide(1)).json()["code"] == "price_taken"
    auditor = office.keys.authorization(uuid4(), ["auditor"])
    assert (await decide(2, headers=auditor)).status_code == 403
    await office.client.post(path.replace("/prices", "/archive"), headers=office.manager)
    assert (await decide(3)).json()["code"] == "illegal_plan_move"


async def test_a_price_that_breaks_the_instalments_is_refused(office):
    terms = {"instalments": [{"after_days": 30, "amount": 8_100_000_000}]}
    plan = await office.open_plan(kind="instalment", terms=terms)
    body = {
        "offering_id": plan["offerings"][0]["offering_id"],
        "valid_from": tehran_date(office.clock()).isoformat(),
        "price": PRICE,
        "prepayment": PREPAYMENT,
    }
    path = f"/api/v1/staff/plans/{plan['plan_id']}/prices"
    refused = await office.client.post(path, json=body, headers=office.manager)
    assert (refused.status_code, refused.json()["code"]) == (422, "plan_faulty")
    assert refused.json()["errors"][0]["code"] == "instalments_below_price"
