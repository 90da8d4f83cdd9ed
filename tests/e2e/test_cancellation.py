"""A buyer withdraws; two people of finance send the money back; the buyer sees that it has arrived."""

import csv
import io
from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx
import pytest

from chassis.testing.eventually import eventually
from nobat.testing.person import Person
from nobat.testing.system import System
from nobat.testing.visitor import Json, Visitor

NewVisitor = Callable[[], Visitor]
PublishPlan = Callable[..., Awaitable[Json]]
PARTICULARS = ("father_name", "birth_date", "gender", "education", "occupation", "iban", "address")


@pytest.fixture
async def finance(system: System, new_visitor: NewVisitor, admin: Visitor) -> tuple[Visitor, Visitor]:
    """The demonstration's member of finance and a colleague who is invited."""
    first, second = new_visitor(), new_visitor()
    first.person = Person.of_staff("finance", system.staff_password)
    form = second.person.form()
    named = ("national_code", "mobile", "first_name", "last_name")
    invitation = {name: form[name] for name in named} | {"roles": ["finance"]}
    sent = await admin.post("/staff/members/invitations", invitation, key=str(uuid4()))
    code = await second.new_code(after=0)
    joined = {"code": code, "national_code": form["national_code"], "password": second.person.password}
    particulars = {name: form[name] for name in PARTICULARS}
    path = f"/staff-invitations/{sent['invitation_id']}"
    await second.post(path, joined | {"particulars": particulars})
    await first.log_in()
    await second.log_in()
    return first, second


async def transfer_line(colleague: Visitor, batch_id: str, refund_id: str) -> Json:
    """What the bank's file says of one refund."""
    response = await colleague.ask("GET", f"/staff/refund-batches/{batch_id}/file")
    assert response.status_code == httpx.codes.OK, response.text
    rows = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    return next(row for row in rows if row["reference"] == refund_id)


async def refund_in_state(buyer: Visitor, order_id: str, state: str) -> Json:
    async def look() -> list[Json]:
        found: list[Json] = (await buyer.get(f"/refunds?order_id={order_id}"))["items"]
        return [refund for refund in found if refund["state"] == state]

    return (await eventually(look))[0]


async def test_a_paid_order_is_cancelled_by_its_quote_and_refunded_by_two_people(
    buyer: Visitor, publish_plan: PublishPlan, dealership_id: str, finance: tuple[Visitor, Visitor]
) -> None:
    terms = {"rates": {"cancellation_deduction": 100}}
    placed = await buyer.order(await publish_plan(terms=terms), dealership_id)
    order_id = placed["order_id"]
    started = await buyer.start_payment((await buyer.bill_of(order_id))["id"])
    await buyer.at_the_bank(started["redirect_url"])
    await buyer.order_in_state(order_id, "contract_active")

    path = f"/orders/{order_id}/cancellation"
    quote = await buyer.get(path)
    assert [line["kind"] for line in quote["lines"]] == ["payment", "deduction"]
    assert quote["refund"] == quote["paid"] - quote["deductions"] == 970_200_000
    assert (await buyer.post(path, {"quote": "0" * 32}, 409))["code"] == "quote_changed"
    cancelled = await buyer.post(path, {"quote": quote["quote"]}, 200, key=str(uuid4()))
    assert (cancelled["state"], cancelled["refund"]) == ("cancelled", quote["refund"])
    await buyer.text_with("انصراف", placed["request_number"])

    refund = await refund_in_state(buyer, order_id, "ready")
    first, second = finance
    batch = await first.post("/staff/refund-batches", {}, key=str(uuid4()))
    assert (await first.post(f"/staff/refund-batches/{batch['id']}/approval", {}, 403))[
        "code"
    ] == "same_person"
    await second.post(f"/staff/refund-batches/{batch['id']}/approval", {}, 200)
    line = await transfer_line(first, batch["id"], refund["id"])
    assert (line["iban"], line["amount"]) == (buyer.person.form()["iban"], str(quote["refund"]))
    answer = {"refund_id": refund["id"], "outcome": "paid", "reference": "140509010042"}
    await first.post(f"/staff/refund-batches/{batch['id']}/answers", {"items": [answer]}, 200)

    async def timeline() -> list[str]:
        return [entry["state"] for entry in (await buyer.get(f"/orders/{order_id}"))["timeline"]]

    await eventually(timeline, lambda states: states[-2:] == ["cancelled", "refund_paid"])
    await buyer.text_with("به شبای شما واریز شد", "140509010042")
    assert (await refund_in_state(buyer, order_id, "paid"))["reference"] == "140509010042"
