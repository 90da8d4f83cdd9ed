"""How a buyer stands with each order."""

from datetime import timedelta
from uuid import UUID, uuid4

from events.sales import RefundRequested


async def standing(shop, order_id, **of):
    found = (await shop.get("/payment-status", order_id=str(order_id), **of)).json()["items"]
    return found[0] if found else None


async def test_an_order_says_what_is_billed_paid_and_to_be_paid_next(shop):
    bill = await shop.new_bill()
    await shop.pay(bill["id"])
    order_id = UUID(bill["order_id"])
    later = shop.requested(order_id, amount=600_000_000, due_at=shop.clock() + timedelta(days=30))
    sooner = shop.requested(order_id, amount=400_000_000, purpose="principal")
    await shop.hear(later, sooner)
    await shop.pay(str(sooner.bill_id), amount=100_000_000)
    found = await standing(shop, order_id)
    assert (found["billed"], found["paid"], found["outstanding"]) == (
        bill["amount"] + 10**9,
        bill["amount"] + 10**8,
        9 * 10**8,
    )
    first = found["next_bill"]
    assert (first["bill_id"], first["purpose"], first["amount"]) == (
        str(sooner.bill_id),
        "principal",
        3 * 10**8,
    )
    assert (first["overdue"], first["bank_bill_id"]) == (False, None)


async def test_a_payment_whose_end_is_unknown_is_named(shop):
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    found = await standing(shop, bill["order_id"])
    assert (found["payment_in_hand"]["id"], found["payment_in_hand"]["state"]) == (
        begun["payment_id"],
        "at_bank",
    )
    await shop.come_back(await shop.bank.pay(begun["redirect_url"]))
    assert (await standing(shop, bill["order_id"]))["payment_in_hand"] is None


async def test_an_overdue_bill_is_next_only_where_it_can_be_paid_late(shop):
    penalty = shop.requested(purpose="penalty", payable_late=True)
    missed = shop.requested(purpose="principal")
    await shop.hear(penalty, missed)
    await shop.advance(days=11)
    assert (await standing(shop, penalty.order_id))["next_bill"]["overdue"]
    assert (await standing(shop, missed.order_id))["next_bill"] is None


async def test_money_on_its_way_back_is_counted(shop):
    bill = await shop.new_bill()
    payment_id = await shop.pay(bill["id"])
    await shop.hear(await shop.declined(payment_id))
    found = await standing(shop, bill["order_id"])
    assert (found["billed"], found["paid"], found["on_the_way_back"]) == (0, 0, bill["amount"])
    await shop.run("payment.returns")
    assert (await standing(shop, bill["order_id"]))["on_the_way_back"] == 0


async def test_a_refund_is_on_its_way_until_it_is_paid(shop):
    bill = await shop.new_bill()
    await shop.pay(bill["id"])
    refund = RefundRequested(
        version=1,
        refund_id=uuid4(),
        order_id=UUID(bill["order_id"]),
        customer_id=shop.buyer,
        reason="order_cancelled",
        amount=500,
    )
    await shop.hear(refund)
    found = await standing(shop, bill["order_id"])
    assert (found["on_the_way_back"], [row["state"] for row in found["refunds"]]) == (
        500,
        ["awaiting_account"],
    )


async def test_others_orders_are_not_there_and_pages_go_on(shop):
    bills = [await shop.new_bill() for _ in range(21)]
    assert await standing(shop, bills[0]["order_id"], customer_id=uuid4()) is None
    page = (await shop.get("/payment-status")).json()
    rest = (await shop.get("/payment-status", cursor=page["next_cursor"])).json()
    orders = [row["order_id"] for each in (page, rest) for row in each["items"]]
    assert orders == sorted((bill["order_id"] for bill in bills), reverse=True)
    assert rest["next_cursor"] is None
