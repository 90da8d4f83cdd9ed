"""A pre-sale with instalments, from the first payment to the last, and the contract in the buyer's hands."""

from collections.abc import Awaitable, Callable
from io import BytesIO

from pypdf import PdfReader

from chassis.testing.eventually import eventually
from nobat.testing.visitor import Json, Visitor

PublishPlan = Callable[..., Awaitable[Json]]
TERMS = {
    "instalments": [{"after_days": 1, "share": 2_000}, {"after_days": 2, "share": 2_000}],
    "rates": {"late_fee": 1_800},
}


async def pay(buyer: Visitor, bill_id: str, **part: int) -> Json:
    """Pays a bill as soon as it is issued, or a part of it."""

    async def issued() -> bool:
        return (await buyer.ask("GET", f"/bills/{bill_id}")).is_success

    await eventually(issued)
    started = await buyer.post(f"/bills/{bill_id}/payments", part)
    await buyer.at_the_bank(started["redirect_url"])
    return started


async def test_a_pre_sale_is_paid_by_instalments_and_settled(
    buyer: Visitor, publish_plan: PublishPlan, dealership_id: str
) -> None:
    plan = await publish_plan(kind="pre_sale", terms=TERMS, car={"delivery_days": 300})
    placed = await buyer.order(plan, dealership_id)
    await pay(buyer, (await buyer.bill_of(placed["order_id"]))["id"])
    order = await buyer.order_in_state(placed["order_id"], "contract_active")

    async def schedule() -> Json:
        return await buyer.get(f"/orders/{placed['order_id']}/schedule")

    def both_billed(seen: Json) -> bool:
        return [row["state"] for row in seen["instalments"]] == ["billed", "billed"]

    billed = await eventually(schedule, both_billed)
    first, second = (row["bill_id"] for row in billed["instalments"])
    part = await pay(buyer, first, amount=200_000_000)
    assert (part["part"], part["remaining"]) == ("asked", 192_000_000)
    await buyer.text_with("بخشی از قسط", "192٬000٬000 ریال")
    await pay(buyer, first)
    await pay(buyer, second)

    rest = await buyer.post(f"/orders/{placed['order_id']}/bills", {"purpose": "principal"})
    assert (rest["purpose"], rest["amount"]) == ("principal", 196_000_000)
    await pay(buyer, rest["id"])

    settled = await buyer.order_in_state(placed["order_id"], "settled")
    assert {bill["state"] for bill in settled["bills"]} == {"paid"}
    assert (await schedule())["outstanding"] == 0
    await buyer.text_with("همه‌ی بهای خودروی قرارداد", order["contract_number"])

    refused = await buyer.post(f"/orders/{placed['order_id']}/bills", {"purpose": "penalty"}, 409)
    assert refused["rule"] == "penalty_owed"
    await all_is_on_paper(buyer, placed["order_id"])


async def all_is_on_paper(buyer: Visitor, order_id: str) -> None:
    """The payment status, the statement and the receipts say the same."""
    [standing] = (await buyer.get(f"/payment-status?order_id={order_id}"))["items"]
    assert (standing["outstanding"], standing["next_bill"]) == (0, None)
    statement = await buyer.get(f"/statements/{order_id}")
    assert statement["balance"] == statement["received"] == standing["paid"] == standing["billed"]
    payments = (await buyer.get(f"/payments?order_id={order_id}"))["items"]
    assert sum(payment["amount"] for payment in payments) == standing["paid"]
    papers = [f"/statements/{order_id}/statement.pdf", f"/payments/{payments[0]['payment_id']}/receipt.pdf"]
    for path in papers:
        paper = await buyer.ask("GET", path)
        assert paper.headers["content-type"] == "application/pdf"
        assert "تسویه اصل" in PdfReader(BytesIO(paper.content)).pages[0].extract_text()


async def test_the_contract_is_downloaded_as_a_document_with_text(contract: tuple[Visitor, Json]) -> None:
    buyer, order = contract

    downloaded = await buyer.ask("GET", f"/orders/{order['order_id']}/contract.pdf")

    assert downloaded.headers["content-type"] == "application/pdf"
    said = PdfReader(BytesIO(downloaded.content)).pages[0].extract_text()
    assert order["contract_number"] in said
    assert "موضوع قرارداد فروش یک دستگاه خودروی" in said
    assert "مریم" in said
