"""Cancelling, reassigning, voiding and inviting over HTTP."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from events.payment import BillPaid
from iran import tehran_date
from sales.orders import purchase

TERMS = {"rates": {"cancellation_profit": 1800, "cancellation_deduction": 100}}


@pytest.fixture
async def bought(office):
    """A buyer and their order under contract."""
    plan = await office.open_plan(terms=TERMS)
    [buyer] = await office.customers(1)
    order_id = (await office.order(buyer, plan)).json()["order_id"]
    paid = BillPaid(
        version=2,
        bill_id=uuid4(),
        order_id=UUID(order_id),
        customer_id=buyer,
        purpose="prepayment",
        payment_id=uuid4(),
        amount=900_000_000,
        reference="1",
        paid_at=office.clock(),
    )
    async with office.database.transaction() as session:
        await purchase.on_bill_paid(session, paid, clock=office.clock)
    return plan, buyer, order_id


async def ask(office, method, path, who, body=None, **headers):
    return await office.client.request(method, f"/api/v1{path}", json=body, headers=who | headers)


async def run(office, name):
    job = next(job for job in office.service.jobs if job.name == name)
    while await job.run():
        pass


async def test_the_quote_shows_each_line_in_words_and_is_what_happens(office, bought):
    plan, buyer, order_id = bought
    office.clock.advance(days=10)
    path, who = f"/orders/{order_id}/cancellation", office.buyer(buyer)
    quote = (await ask(office, "GET", path, who)).json()
    assert (quote["paid"], quote["profit"], quote["deductions"]) == (900_000_000, 4_438_356, 9_000_000)
    assert [line["kind"] for line in quote["lines"]] == ["payment", "profit", "deduction"]
    assert "۱۰ روز" in quote["lines"][1]["note"]
    assert "۱٪" in quote["lines"][2]["note"]
    english = (await ask(office, "GET", path, who, **{"Accept-Language": "en"})).json()
    assert english["quote"] == quote["quote"]
    paid, profit, kept = (line["note"] for line in english["lines"])
    assert paid.startswith("Prepayment, received on ")
    assert profit.startswith("Profit on the prepayment: 900,000,000 Rial × 18% a year × 10 days from ")
    assert kept == "Deduction of 1% of the 900,000,000 Rial paid"
    key = {"Idempotency-Key": "cancel-once"}
    answers = [await ask(office, "POST", path, who, {"quote": quote["quote"]}, **key) for _ in range(2)]
    assert [answer.json() for answer in answers] == [
        {"order_id": order_id, "state": "cancelled", "refund": quote["refund"]}
    ] * 2
    assert len(await office.published("sales.refund_requested.v1")) == 1
    assert await office.sold(plan) == 0
    late = await ask(office, "GET", path, who)
    assert (late.status_code, late.json()["rule"]) == (409, "before_invoice")


async def test_nobody_sees_or_cancels_somebody_elses_order(office, bought):
    _, _, order_id = bought
    stranger = office.buyer(uuid4())
    assert (await ask(office, "GET", f"/orders/{order_id}/cancellation", stranger)).status_code == 404
    body = {"quote": "0" * 32}
    assert (await ask(office, "POST", f"/orders/{order_id}/cancellation", stranger, body)).status_code == 404
    assert (await ask(office, "POST", f"/orders/{order_id}/reassignment", stranger)).status_code == 404
    assert (await ask(office, "GET", f"/orders/{order_id}/invitations", stranger)).status_code == 404


async def test_a_manager_voids_an_order_by_its_rule_and_it_is_on_the_trail(office, bought):
    _, buyer, order_id = bought
    path = f"/staff/orders/{order_id}/voiding"
    assert (await ask(office, "POST", path, office.buyer(buyer), {"rule": "ban_list"})).status_code == 403
    voided = await ask(office, "POST", path, office.manager, {"rule": "ban_list"})
    assert voided.json() == {"order_id": order_id, "state": "voided", "refund": 900_000_000}
    again = await ask(office, "POST", path, office.manager, {"rule": "ban_list"})
    assert (again.status_code, again.json()["code"]) == (409, "cannot_void_now")
    auditor = office.keys.authorization(uuid4(), ["auditor"])
    trail = (await ask(office, "GET", f"/staff/audit/sales?subject={buyer}", auditor)).json()["items"]
    assert [entry["action"] for entry in trail] == ["sales.order.voided"]


async def test_contracts_are_invited_their_deadline_is_put_off_and_the_car_asked_for_again(office, bought):
    plan, buyer, order_id = bought
    who, path = office.buyer(buyer), f"/staff/plans/{plan['plan_id']}/invitations"
    started = await ask(office, "POST", path, office.manager, {"purpose": "principal"})
    assert started.status_code == 202, started.text
    twice = await ask(office, "POST", path, office.manager, {"purpose": "principal"})
    assert twice.json()["code"] == "invitations_under_way"
    await run(office, "sales.issue_invitations")
    [done] = (await ask(office, "GET", path, office.manager)).json()["items"]
    assert (done["issued"], done["skipped"], done["finished_at"] is not None) == (1, 0, True)
    order = (await ask(office, "GET", f"/orders/{order_id}", who)).json()
    [invitation] = (await ask(office, "GET", f"/orders/{order_id}/invitations", who)).json()["items"]
    assert order["invitation_number"] == invitation["invitation_number"]
    assert order["timeline"][-1]["state"] == "invited"

    day = tehran_date(office.clock() + timedelta(days=1))
    decided = {"working": False, "reason": "آلودگی هوا"}
    await ask(office, "PUT", f"/staff/calendar/bank/{day}", office.manager, decided)
    await run(office, "sales.postpone_invitations")
    [later] = (await ask(office, "GET", f"/orders/{order_id}/invitations", who)).json()["items"]
    assert later["due_at"] >= invitation["due_at"]
    [known] = (await ask(office, "GET", "/staff/calendar", office.manager)).json()["items"]
    assert known["applied_at"] is not None

    early = await ask(office, "POST", f"/orders/{order_id}/reassignment", who)
    assert (early.status_code, early.json()["rule"]) == (409, "invitation_expired")
    office.clock.advance(days=40)
    await run(office, "sales.expire_invitations")
    who = office.buyer(buyer)
    answers = [
        await ask(office, "POST", f"/orders/{order_id}/reassignment", who, **{"Idempotency-Key": "once-more"})
        for _ in range(2)
    ]
    assert answers[0].status_code == 201, answers[0].text
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["amount"] == 8_100_000_000
