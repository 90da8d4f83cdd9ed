"""Finance sends money back: one proposes the batch, another approves it, the bank's answer closes it."""

from uuid import uuid4

from chassis.testing.eventually import eventually
from nobat.testing.visitor import Json


async def test_two_people_send_a_buyers_money_back(colleagues, buyer, publish_plan, dealership_id) -> None:
    placed = await buyer.order(await publish_plan(), dealership_id)
    await buyer.pay_up((await buyer.bill_of(placed["order_id"]))["id"])
    await buyer.order_in_state(placed["order_id"], "contract_active")
    cancellation = f"/orders/{placed['order_id']}/cancellation"
    quote = (await buyer.get(cancellation))["quote"]
    await buyer.post(cancellation, {"quote": quote}, 200, key=str(uuid4()))

    async def refunds() -> list[Json]:
        found: list[Json] = (await buyer.get(f"/refunds?order_id={placed['order_id']}"))["items"]
        return found

    [refund] = await eventually(refunds, lambda found: bool(found) and found[0]["state"] == "ready")

    first, second = colleagues
    await first.open("/staff/refunds")
    await first.press("پیشنهاد دسته از واریزهای آماده")
    assert "کس دیگری باید درباره‌ی آن تصمیم بگیرد" in await first.text()
    await first.look("desk-batch")
    await second.open(first.path)
    await second.press("تأیید")
    await second.look("desk-batch-approved")
    await second.press("ثبت پاسخ بانک")
    assert "دست‌کم برای یک واریز" in await second.text()
    await second.choose(f"outcome.{refund['id']}", "paid")
    await second.fill(**{f"said.{refund['id']}": "140509010042"})
    await second.press("ثبت پاسخ بانک")
    assert "پاسخ بانک ثبت شد." in await second.text()
    await eventually(refunds, lambda found: found[0]["state"] == "paid", within=30)
