"""Passing a contract on: offered, accepted, let pass by the staff; everything else refused by name."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import update

from events.payment import BillPaid
from iran.samples import national_code
from sales.cancellations.service import void
from sales.orders import purchase
from sales.orders.tables import Order
from sales.plans.tables import Plan
from sales.plans.terms import PlanTerms


async def contract(office, customer_id, plan) -> str:
    order_id: str = (await office.order(customer_id, plan)).json()["order_id"]
    event = BillPaid(
        version=2,
        bill_id=UUID(int=1),
        order_id=UUID(order_id),
        customer_id=customer_id,
        purpose="prepayment",
        payment_id=UUID(order_id),
        amount=900_000_000,
        reference="1",
        paid_at=office.clock(),
    )
    async with office.database.transaction() as session:
        await purchase.on_bill_paid(session, event, clock=office.clock)
    return order_id


async def allow(office, plan, order_id, **terms) -> None:
    """The plan and the order are those of a pre-sale whose circular allows transfers, but for ``terms``."""
    async with office.database.transaction() as session:
        order = await session.get_one(Order, UUID(order_id))
        order.terms = {**order.terms, "kind": "pre_sale", "transfer_allowed": True, **terms}
        plain = PlanTerms(transfer_allowed=True).model_dump(mode="json")
        await session.execute(update(Plan).where(Plan.id == UUID(plan["plan_id"])).values(terms=plain))


@pytest.fixture
async def case(office):
    """The owner, another buyer, and the owner's contract."""
    plan = await office.open_plan(kind="pre_sale")
    owner, other = await office.customers(2)
    order_id = await contract(office, owner, plan)
    await allow(office, plan, order_id)
    return plan, owner, other, order_id


async def post(office, path, who, body=None):
    return await office.client.post(f"/api/v1{path}", json=body, headers=who)


async def offer(office, order_id, owner, person=1):
    body = {"national_code": national_code(person)}
    return await post(office, f"/orders/{order_id}/transfer", office.buyer(owner), body)


async def test_a_contract_passes_to_the_other_with_everything(office, case):
    _, owner, other, order_id = case
    offered = (await offer(office, order_id, owner)).json()
    path = f"/transfers/{offered['transfer_id']}"
    assert (await post(office, f"/staff{path}/approval", office.manager)).json()[
        "code"
    ] == "illegal_transfer_move"
    accepted = await post(office, f"{path}/acceptance", office.buyer(other))
    assert accepted.json()["state"] == "accepted", accepted.text
    [waiting] = (await office.client.get("/api/v1/staff/transfers", headers=office.manager)).json()["items"]
    assert (waiting["from_customer_id"], waiting["to_customer_id"]) == (str(owner), str(other))
    assert (await post(office, f"/staff{path}/approval", office.manager)).json()["state"] == "completed"

    view = f"/api/v1/orders/{order_id}"
    assert (await office.client.get(view, headers=office.buyer(owner))).status_code == 404
    order = (await office.client.get(view, headers=office.buyer(other))).json()
    assert order["timeline"][-1]["state"] == "transferred"
    [event] = await office.published("sales.order_transferred.v1")
    assert (event["customer_id"], event["from_customer_id"]) == (str(other), str(owner))
    assert event["contract_number"] == order["contract_number"]
    [told] = await office.published("sales.transfer_decided.v1")
    assert (told["customer_id"], told["decision"]) == (str(owner), "completed")
    [history] = (await office.client.get("/api/v1/transfers", headers=office.buyer(owner))).json()["items"]
    assert (history["direction"], history["state"]) == ("out", "completed")


async def test_nobody_learns_whether_a_national_code_has_an_account(office, case):
    _, owner, _, order_id = case
    offered = await offer(office, order_id, owner, person=99)
    assert (offered.status_code, offered.json()["state"]) == (201, "proposed")
    assert (await offer(office, order_id, owner)).json()["code"] == "transfer_open"


@pytest.mark.parametrize(
    ("terms", "rule"),
    [({"transfer_allowed": False}, "transfer_allowed"), ({"kind": "immediate"}, "pre_sale_only")],
)
async def test_a_forbidden_transfer_is_refused_with_the_name_of_the_rule(office, case, terms, rule):
    plan, owner, _, order_id = case
    await allow(office, plan, order_id, **terms)
    refused = await offer(office, order_id, owner)
    assert (refused.status_code, refused.json()["code"], refused.json()["rule"]) == (
        409,
        "transfer_not_allowed",
        rule,
    )


async def test_to_oneself_without_a_contract_or_of_somebody_else_there_is_no_transfer(office, case):
    plan, owner, other, order_id = case
    assert (await offer(office, order_id, owner, person=0)).json()["rule"] == "another_person"
    assert (await offer(office, order_id, other)).status_code == 404
    unpaid = (await office.order(other, plan)).json()["order_id"]
    await allow(office, plan, unpaid)
    assert (await offer(office, unpaid, other, person=0)).json()["rule"] == "under_contract"


async def test_who_has_an_order_in_the_plan_or_is_not_eligible_cannot_accept(office, case):
    plan, owner, other, order_id = case
    path = f"/transfers/{(await offer(office, order_id, owner)).json()['transfer_id']}"
    assert (await post(office, f"{path}/acceptance", office.buyer(owner))).status_code == 404
    await office.order(other, plan)
    refused = await post(office, f"{path}/acceptance", office.buyer(other))
    assert refused.json()["code"] == "one_order_per_plan"
    declined = await post(office, f"{path}/refusal", office.buyer(other))
    assert declined.json()["state"] == "declined"


async def agreed(office, order_id, owner, other) -> str:
    """The path of a transfer that waits for the staff."""
    path = f"/transfers/{(await offer(office, order_id, owner)).json()['transfer_id']}"
    assert (await post(office, f"{path}/acceptance", office.buyer(other))).status_code == 200
    return path


async def states(office, who) -> list[str]:
    listed = await office.client.get("/api/v1/transfers", headers=office.buyer(who))
    return [each["state"] for each in listed.json()["items"]]


async def decisions(office) -> set[tuple[str, str]]:
    told = await office.published("sales.transfer_decided.v1")
    return {(each["customer_id"], each["decision"]) for each in told}


async def test_who_was_offered_a_contract_hears_that_the_owner_took_it_back(office, case):
    _, owner, other, order_id = case
    path = await agreed(office, order_id, owner, other)
    assert (await post(office, f"{path}/withdrawal", office.buyer(owner))).json()["state"] == "withdrawn"
    assert await decisions(office) == {(str(other), "withdrawn")}


async def test_what_was_offered_to_nobody_is_taken_back_without_a_word(office, case):
    _, owner, _, order_id = case
    path = f"/transfers/{(await offer(office, order_id, owner, person=99)).json()['transfer_id']}"
    assert (await post(office, f"{path}/withdrawal", office.buyer(owner))).json()["state"] == "withdrawn"
    assert await decisions(office) == set()


async def test_both_sides_hear_that_the_staff_refused(office, case):
    _, owner, other, order_id = case
    path = await agreed(office, order_id, owner, other)
    refused = await post(office, f"/staff{path}/refusal", office.manager)
    assert refused.json()["state"] == "refused"
    assert await decisions(office) == {(str(owner), "refused"), (str(other), "refused")}


async def test_an_offer_is_open_for_as_long_as_the_terms_say(office, case):
    plan, owner, other, order_id = case
    await allow(office, plan, order_id, periods={"transfer_days": 3})
    path = f"/transfers/{(await offer(office, order_id, owner)).json()['transfer_id']}"
    [job] = [job for job in office.service.jobs if job.name == "sales.expire_transfers"]
    office.clock.advance(days=3)
    await job.run()
    assert await states(office, owner) == ["proposed"]
    office.clock.advance(seconds=1)
    await job.run()
    assert await states(office, owner) == ["expired"]
    assert await decisions(office) == {(str(owner), "expired")}
    late = await post(office, f"{path}/acceptance", office.buyer(other))
    assert late.json()["code"] == "illegal_transfer_move"


@pytest.mark.parametrize("ending", ["cancelled", "voided"])
async def test_a_transfer_ends_with_its_order_and_both_sides_are_told(office, case, ending):
    _, owner, other, order_id = case
    path = await agreed(office, order_id, owner, other)
    if ending == "cancelled":
        url = f"/orders/{order_id}/cancellation"
        quote = (await office.client.get(f"/api/v1{url}", headers=office.buyer(owner))).json()
        ended = await post(office, url, office.buyer(owner), {"quote": quote["quote"]})
        assert ended.status_code == 200, ended.text
    else:
        async with office.database.transaction() as session:
            await void(session, [UUID(order_id)], "ban_list", office.clock())

    assert await states(office, owner) == await states(office, other) == ["withdrawn"]
    assert await decisions(office) == {(str(owner), "order_ended"), (str(other), "order_ended")}
    late = await post(office, f"/staff{path}/approval", office.manager)
    assert late.status_code == 409


async def test_a_bill_asked_for_while_the_contract_passes_is_told_before_the_new_owner_is(office):
    """Each owner asks as the staff decide. A bill that was taken belongs to the contract and is named to
    payment before the transfer is; one that came late is nobody's."""
    plan = await office.open_plan(kind="pre_sale")
    people = await office.customers(8)
    cases = []
    for number, owner in enumerate(people[:4]):
        order_id = await contract(office, owner, plan)
        await allow(office, plan, order_id)
        path = f"/transfers/{(await offer(office, order_id, owner, 4 + number)).json()['transfer_id']}"
        await post(office, f"{path}/acceptance", office.buyer(people[4 + number]))
        cases.append((order_id, owner, path))
    asking = [
        post(office, f"/orders/{order_id}/bills", office.buyer(owner), {"purpose": "principal"})
        for order_id, owner, _ in cases
    ]
    passing = [post(office, f"/staff{path}/approval", office.manager) for *_, path in cases]

    answers = await asyncio.gather(*(each for pair in zip(asking, passing, strict=True) for each in pair))

    assert {answer.status_code for answer in answers[1::2]} == {200}
    taken = {each["order_id"] for each in await office.published("sales.bill_requested.v1")}
    for (order_id, _, _), asked, heir in zip(cases, answers[::2], people[4:], strict=True):
        assert asked.status_code == (201 if order_id in taken else 404)
        again = await post(office, f"/orders/{order_id}/bills", office.buyer(heir), {"purpose": "principal"})
        assert again.status_code == 201
        if order_id in taken:
            assert again.json()["id"] == asked.json()["id"]
