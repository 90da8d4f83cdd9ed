"""What happens to a contract after it was made: a colour, a price of the day, an heir who gets nothing."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

from pypdf import PdfReader

from iran import tehran_date
from nobat.testing.visitor import Json, Visitor

NewBuyer = Callable[..., Awaitable[Visitor]]
PublishPlan = Callable[..., Awaitable[Json]]
TERMS = {"colour_until": "allocation", "price_policy": "day_price", "transfer_allowed": True}


async def test_addenda_follow_the_contract_and_a_transfer_ends_with_its_order(
    buyer: Visitor, new_buyer: NewBuyer, manager: Visitor, publish_plan: PublishPlan, dealership_id: str
) -> None:
    plan = await publish_plan(kind="pre_sale", terms=TERMS)
    order_id = (await buyer.order(plan, dealership_id))["order_id"]
    await buyer.pay_up((await buyer.bill_of(order_id))["id"])
    order = await buyer.order_in_state(order_id, "contract_active")

    painted = await buyer.ask("PATCH", f"/orders/{order_id}", {"colour": "مشکی"})
    assert painted.is_success, painted.text
    price = {
        "offering_id": plan["offerings"][0]["offering_id"],
        "valid_from": tehran_date(datetime.now(UTC)).isoformat(),
        "price": 2_000_000_000,
        "prepayment": 980_000_000,
    }
    await manager.post(f"/staff/plans/{plan['plan_id']}/prices", price, key=str(uuid4()))
    rest = await buyer.post(f"/orders/{order_id}/bills", {"purpose": "principal"})
    assert rest["amount"] == 1_020_000_000

    contract = await buyer.get(f"/orders/{order_id}/contract")
    assert (contract["colour"], contract["price"]) == (None, 1_960_000_000)
    assert [each["after"] for each in contract["addenda"]] == [{"colour": "مشکی"}, {"price": 2_000_000_000}]
    document = await buyer.ask("GET", f"/orders/{order_id}/contract.pdf")
    said = "\n".join(page.extract_text() for page in PdfReader(BytesIO(document.content)).pages)
    assert "الحاقیه‌ی ۲" in said

    heir = await new_buyer()
    whom = {"national_code": heir.person.national_code}
    offered = await buyer.post(f"/orders/{order_id}/transfer", whom, key=str(uuid4()))
    await heir.post(f"/transfers/{offered['transfer_id']}/acceptance", expected=200)
    quote = await buyer.get(f"/orders/{order_id}/cancellation")
    await buyer.post(f"/orders/{order_id}/cancellation", {"quote": quote["quote"]}, 200)
    for person in (buyer, heir):
        await person.text_with("صلح قرارداد", order["contract_number"], "پس گرفته شد")
        [transfer] = (await person.get("/transfers"))["items"]
        assert transfer["state"] == "withdrawn"
