"""What a card carries in a day splits a payment; staff decides it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from iran import tehran_date

CEILING = 2_000_000_000
FORM = {"daily_ceiling": 1_000_000_000, "smallest_part": 10_000}


@pytest.fixture(autouse=True)
async def as_it_was(shop):
    yield
    await shop.rows("DELETE FROM card_limits WHERE valid_from > '2023-01-01' RETURNING 1")


@pytest.fixture
def finance(shop):
    return shop.keys.authorization(uuid4(), ["finance"])


def day(shop, later):
    return (tehran_date(shop.clock()) + timedelta(days=later)).isoformat()


async def decide(shop, who, valid_from, form):
    return await shop.client.put(f"/api/v1/staff/card-limits/{valid_from}", json=form, headers=who)


async def large_bill(shop):
    request = shop.requested(amount=5 * 10**9)
    await shop.hear(request)
    return str(request.bill_id)


async def test_a_buyer_is_told_that_a_payment_is_split_and_how_to_pay_the_rest(shop):
    bill_id = await large_bill(shop)
    begun = await shop.started(bill_id)
    assert (begun["amount"], begun["remaining"], begun["part"]) == (CEILING, 3 * 10**9, "card_ceiling")
    assert "سقف روزانه" in begun["note"]
    assert "۳۰۰٬۰۰۰٬۰۰۰ تومان" in begun["note"]
    headers = shop.authorization() | {"Accept-Language": "en"}
    again = await shop.client.post(f"/api/v1/bills/{bill_id}/payments", headers=headers)
    assert "200,000,000 Toman" in again.json()["note"]


async def test_what_the_person_paid_today_is_left_out_of_what_their_card_still_carries(shop):
    first, second, other = (
        shop.requested(amount=1_500_000_000),
        await large_bill(shop),
        await large_bill(shop),
    )
    await shop.hear(first)
    await shop.pay(str(first.bill_id))
    begun = await shop.started(second)
    assert (begun["amount"], begun["part"]) == (500_000_000, "card_ceiling")
    assert (await shop.get(f"/bills/{other}/providers")).json()["amount"] == 500_000_000
    await shop.come_back(await shop.bank.pay(begun["redirect_url"]))
    assert (await shop.started(second))["amount"] == CEILING, "another card of theirs"
    await shop.advance(days=1)
    assert (await shop.started(other))["amount"] == CEILING


async def test_what_did_not_come_or_went_back_leaves_the_card_as_it_was(shop):
    declined, failed = shop.requested(amount=1_500_000_000), await large_bill(shop)
    await shop.hear(declined)
    payment_id = await shop.pay(str(declined.bill_id))
    await shop.hear(await shop.declined(payment_id))
    await shop.run("payment.returns")
    await shop.pay(failed, "failed")
    assert (await shop.started(failed))["amount"] == CEILING


async def test_a_bill_that_fits_needs_no_note(shop):
    assert (await shop.started((await shop.new_bill())["id"]))["note"] is None


async def test_a_new_ceiling_holds_from_its_day_on_for_payments_that_start_then(shop, finance):
    assert (await decide(shop, finance, day(shop, 1), FORM)).status_code == 200
    rows = (await shop.client.get("/api/v1/staff/card-limits", headers=finance)).json()["items"]
    assert [row["daily_ceiling"] for row in rows] == [1_000_000_000, CEILING]
    bill_id = await large_bill(shop)
    assert (await shop.started(bill_id))["amount"] == CEILING
    await shop.advance(days=1)
    assert (await shop.started(bill_id))["amount"] == 1_000_000_000


async def test_a_payment_at_the_bank_keeps_its_amount_when_the_ceiling_changes(shop, finance):
    bill_id = await large_bill(shop)
    before = await shop.started(bill_id)
    assert (await decide(shop, finance, day(shop, 0), FORM)).status_code == 200
    assert (await shop.started(bill_id)) == before
    await shop.come_back(await shop.bank.pay(before["redirect_url"]))
    assert (await shop.bill(bill_id))["paid"] == CEILING
    assert (await shop.started(bill_id))["amount"] == 1_000_000_000


async def test_who_decides_is_written_down(shop, finance):
    await decide(shop, finance, day(shop, 1), FORM)
    [row] = await shop.rows(
        "SELECT details FROM audit_entries WHERE action = 'payment.card_limit.decided'"
        " ORDER BY id DESC LIMIT 1"
    )
    assert row.details["daily_ceiling"] == FORM["daily_ceiling"]


@pytest.mark.parametrize(
    ("later", "form", "status", "code"),
    [
        (-1, FORM, 422, "not_its_day"),
        (4000, FORM, 422, "not_its_day"),
        (1, FORM | {"daily_ceiling": 19_999}, 422, "invalid_fields"),
        (1, FORM | {"smallest_part": 0}, 422, "invalid_fields"),
    ],
)
async def test_what_makes_no_sense_is_refused(shop, finance, later, form, status, code):
    answer = await decide(shop, finance, day(shop, later), form)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_only_finance_decides(shop):
    manager = shop.keys.authorization(uuid4(), ["manager"])
    assert (await decide(shop, manager, day(shop, 1), FORM)).status_code == 403
    assert (await shop.client.get("/api/v1/staff/card-limits", headers=manager)).status_code == 200


async def test_a_replaced_bill_says_so_and_the_money_that_comes_for_it_goes_back(shop):
    former = shop.requested()
    await shop.hear(former)
    begun = await shop.started(str(former.bill_id))
    replaced = shop.withdrawn(former).model_copy(update={"reason": "replaced"})
    await shop.hear(replaced, shop.requested(former.order_id, amount=former.amount * 2))
    await shop.come_back(await shop.bank.pay(begun["redirect_url"]))
    await shop.run("payment.returns")
    states = {(row["state"], row["cancelled_for"]) for row in await shop.bills(former.order_id)}
    assert states == {("cancelled", "bill_replaced"), ("open", None)}
    assert await shop.state(begun["payment_id"]) == "reversed"
