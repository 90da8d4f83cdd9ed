"""Bills follow their orders, whatever order the events come in."""

from itertools import permutations
from uuid import uuid4

import pytest

from payment.bills.numbering import FILE_CODES


async def test_a_bill_is_issued_once_however_often_the_order_is_heard_of(shop):
    order = shop.placed()
    await shop.hear(order, order, order)
    assert len(await shop.bills(order.order_id)) == 1
    assert len(await shop.published("payment.bill_issued.v1")) == 1


async def test_a_lapse_cancels_the_open_bill(shop):
    order = shop.placed()
    await shop.hear(order, shop.lapsed(order.order_id))
    [bill] = await shop.bills(order.order_id)
    assert bill["state"] == "cancelled"


@pytest.mark.parametrize("turns", sorted(set(permutations(["placed", "placed", "lapsed", "lapsed"]))))
async def test_a_lapsed_order_has_no_bill_to_pay_whatever_came_first(shop, turns):
    order = shop.placed()
    events = {"placed": order, "lapsed": shop.lapsed(order.order_id)}
    await shop.hear(*(events[turn] for turn in turns))
    assert all(bill["state"] == "cancelled" for bill in await shop.bills(order.order_id))


async def test_a_lapse_that_comes_first_is_remembered_and_nobody_is_told_of_a_bill(shop):
    order = shop.placed()
    await shop.hear(shop.lapsed(order.order_id), order)
    assert await shop.bills(order.order_id) == []
    assert await shop.published("payment.bill_issued.v1") == []


async def test_two_bills_of_the_same_amount_have_different_pairs(shop):
    one, other = await shop.new_bill(), await shop.new_bill()
    assert one["bank_bill_id"] != other["bank_bill_id"]


async def test_an_amount_no_payment_id_can_carry_is_paid_online_only(shop):
    bill = await shop.new_bill(amount=900_000_500)
    assert (bill["bank_bill_id"], bill["bank_payment_id"]) == (None, None)
    await shop.pay(bill["id"])
    assert (await shop.bill(bill["id"]))["state"] == "paid"


async def test_file_codes_begin_anew_after_eight_digits(shop):
    await shop.rows(f"SELECT setval('{FILE_CODES.name}', 99999999)")
    bill = await shop.new_bill()
    assert bill["bank_bill_id"].startswith("00000001")


async def test_another_buyers_bill_is_not_there(shop):
    bill = await shop.new_bill()
    stranger = uuid4()
    assert (await shop.get(f"/bills/{bill['id']}", stranger)).status_code == 404
    assert (await shop.get("/bills", stranger, order_id=bill["order_id"])).json()["items"] == []
    assert (await shop.start(bill["id"], buyer=stranger)).status_code == 404


async def test_nobody_sees_bills_without_a_token(shop):
    answer = await shop.client.get(f"/api/v1/bills/{uuid4()}")
    assert answer.status_code == 401
