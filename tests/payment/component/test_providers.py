"""One suite for all providers: every way a payment can go, against their simulators over HTTP."""

import asyncio

import pytest

from events.payment import BillPaid
from payment.providers.capabilities import CAPABILITIES

PROVIDERS = sorted(CAPABILITIES)
BLIND = sorted(name for name, one in CAPABILITIES.items() if one.needs_callback)
"""Those that can be asked about a payment only with what the browser brings back."""
SEEING = sorted(set(PROVIDERS) - set(BLIND))
GOES_BACK = {
    "zarinpal": "reversed",
    "zibal": "reversed",
    "sep": "reversed",
    "mellat": "reversed",
    "sadad": "conflicted",
}
"""How money of another amount ends at once or after the window; Sadad's becomes a refund to the Sheba."""


@pytest.fixture(params=PROVIDERS)
async def begun(request, market):
    return await begin(market, request.param)


async def begin(market, provider):
    bill = await market.new_bill()
    return await market.started(bill["id"], provider=provider) | {"bill_id": bill["id"]}


async def state_of(market, begun):
    return await market.state(begun["payment_id"])


async def sweep(market, **period):
    await market.advance(**period)
    await market.run("payment.sweep")


async def test_money_that_came_pays_the_bill_once(market, begun):
    back = await market.at_bank(begun)
    await asyncio.gather(*(market.return_to_shop(back) for _ in range(10)))
    payment, row = await market.payment(begun["payment_id"]), await market.bank.row(begun["redirect_url"])
    assert payment["state"] == "verified"
    assert payment["reference"] == str(row["ref_id"])
    assert row["state"] == "verified"
    assert (await market.bill(begun["bill_id"]))["state"] == "paid"
    assert len(await market.published(BillPaid.name)) == 1
    assert (await market.balance()).accounts == {
        "buyer": -begun["amount"],
        f"provider:{begun['provider']}": begun["amount"],
    }


@pytest.mark.parametrize("outcome", ["cancelled", "failed"])
async def test_who_did_not_pay_may_start_anew(market, begun, outcome):
    await market.return_to_shop(await market.at_bank(begun, outcome))
    assert await state_of(market, begun) == "failed"
    again = await market.started(begun["bill_id"], provider=begun["provider"])
    await market.return_to_shop(await market.at_bank(again))
    assert (await market.bill(begun["bill_id"]))["state"] == "paid"


@pytest.mark.parametrize("provider", SEEING)
async def test_a_lost_callback_is_made_up_for(market, provider):
    begun = await begin(market, provider)
    await market.at_bank(begun)
    await sweep(market, minutes=1)
    assert await state_of(market, begun) == "verified"


@pytest.mark.parametrize("provider", BLIND)
async def test_money_whose_callback_was_lost_goes_back_and_the_bill_is_free_again(market, provider):
    begun = await begin(market, provider)
    await market.at_bank(begun)
    await sweep(market, minutes=21)
    assert await state_of(market, begun) == "at_bank"
    answer = await market.start(begun["bill_id"])
    assert answer.json()["code"] == "payment_unknown"
    await sweep(market, minutes=59)
    assert await state_of(market, begun) == "failed"
    assert (await market.bank.row(begun["redirect_url"]))["state"] == "reversed"
    assert (await market.balance()).accounts == {}
    await market.started(begun["bill_id"])


async def test_a_verification_without_an_answer_is_unknown_and_asked_again(market, begun):
    await market.bank.arm(begun["redirect_url"], {"kind": "unavailable"})
    if begun["provider"] == "zibal":
        await market.bank.arm(begun["redirect_url"], {"kind": "unavailable", "operation": "inquiry"})
    await market.return_to_shop(await market.at_bank(begun))
    assert await state_of(market, begun) == "unknown"
    assert (await market.start(begun["bill_id"])).json()["code"] == "payment_unknown"
    await sweep(market, minutes=1)
    assert await state_of(market, begun) == "verified"
    assert (await market.balance()).is_kept


async def test_a_verification_that_was_done_and_not_answered_counts_once(market):
    begun = [await begin(market, provider) for provider in PROVIDERS]

    async def pay(one):
        await market.bank.arm(one["redirect_url"], {"kind": "hang_done", "operation": "verify"})
        await market.return_to_shop(await market.at_bank(one))
        return await state_of(market, one)

    assert set(await asyncio.gather(*map(pay, begun))) == {"unknown"}
    await sweep(market, minutes=1)
    assert [await state_of(market, one) for one in begun] == ["verified"] * len(begun)
    assert len(await market.published(BillPaid.name)) == len(begun)


async def test_another_amount_is_never_counted_and_goes_back(market, begun):
    await market.bank.arm(begun["redirect_url"], {"kind": "other_amount"})
    await market.return_to_shop(await market.at_bank(begun))
    assert await state_of(market, begun) == "conflicted"
    assert (await market.bill(begun["bill_id"]))["paid"] == 0
    await market.run("payment.returns")
    await market.advance(minutes=31)
    await market.run("payment.returns")
    assert await state_of(market, begun) == GOES_BACK[begun["provider"]]
    by_transfer = await market.rows("SELECT by_transfer FROM owed_returns")
    assert by_transfer == [(begun["provider"] == "sadad",)]
    assert (await market.balance()).is_kept


async def test_a_page_that_expires_ends_the_payment(market, begun):
    await market.bank.arm(begun["redirect_url"], {"kind": "expire_token"})
    assert await market.at_bank(begun) is None
    await sweep(market, minutes=80)
    assert await state_of(market, begun) == "failed"


async def test_money_that_the_bank_sent_back_pays_nothing(market, begun):
    await market.bank.arm(begun["redirect_url"], {"kind": "auto_reverse"})
    await market.return_to_shop(await market.at_bank(begun))
    assert await state_of(market, begun) == "reversed"
    assert (await market.bill(begun["bill_id"]))["paid"] == 0


FORGED = {
    "zarinpal": {"Authority": "{authority}", "Status": "OK"},
    "zibal": {"trackId": "{authority}", "success": "1", "status": "2", "orderId": "{number}"},
    "sep": {"Token": "{authority}", "Status": "2", "ResNum": "{number}", "RefNum": "{reference}"},
    "mellat": {
        "RefId": "{authority}",
        "ResCode": "0",
        "SaleOrderId": "{number}",
        "SaleReferenceId": "{reference}",
    },
    "sadad": {"Token": "{authority}", "OrderId": "{number}", "ResCode": "0"},
}


async def forge(market, begun, reference="4004004004", **changes):
    """Somebody posts what a bank would, having paid nothing."""
    rows = await market.rows("SELECT id, authority, number FROM payments")
    [row] = [row for row in rows if str(row.id) == begun["payment_id"]]
    facts = {"authority": row.authority, "number": row.number, "reference": reference}
    form = {name: value.format(**facts | changes) for name, value in FORGED[begun["provider"]].items()}
    return await market.client.post(f"/api/v1/payments/callback/{begun['provider']}", data=form)


async def test_a_forged_callback_pays_nothing_and_ends_nothing(market, begun):
    assert (await forge(market, begun)).status_code == 303
    assert await state_of(market, begun) == "at_bank"
    assert await market.rows("SELECT 1 FROM bank_references") == []
    await market.return_to_shop(await market.at_bank(begun))
    assert await state_of(market, begun) == "verified"


async def test_a_callback_with_the_number_of_another_order_is_not_found(market):
    for provider in sorted(set(PROVIDERS) - {"zarinpal"}):
        begun = await begin(market, provider)
        assert (await forge(market, begun, number=1)).status_code == 404


@pytest.mark.parametrize("provider", BLIND)
async def test_the_reference_of_one_payment_does_not_pay_another(market, provider):
    paid, unpaid = await begin(market, provider), await begin(market, provider)
    await market.return_to_shop(await market.at_bank(paid))
    reference = (await market.payment(paid["payment_id"]))["reference"]
    assert (await forge(market, unpaid, reference)).status_code == 303
    assert await state_of(market, unpaid) == "at_bank"
    assert (await market.bill(unpaid["bill_id"]))["paid"] == 0


async def test_a_reference_shown_for_another_bill_first_pays_one_bill(market):
    """At SEP nothing but the reference names a payment: it pays for whom it was written down first."""
    paid, other = await begin(market, "sep"), await begin(market, "sep")
    back = await market.at_bank(paid)
    await forge(market, other, back.form["RefNum"])
    await market.return_to_shop(back)
    states = {await state_of(market, paid), await state_of(market, other)}
    assert states == {"verified", "at_bank"}
    assert len(await market.published(BillPaid.name)) == 1


async def test_a_callback_replayed_after_the_end_changes_nothing(market, begun):
    back = await market.at_bank(begun)
    await market.return_to_shop(back)
    verifies = (await market.bank.row(begun["redirect_url"]))["verifies"]
    await market.advance(minutes=90)
    assert (await market.return_to_shop(back)).status_code == 303
    assert (await market.bank.row(begun["redirect_url"]))["verifies"] == verifies
    assert len(await market.published(BillPaid.name)) == 1


async def test_a_card_of_somebody_else_does_not_pay_where_it_is_bound(market):
    begun = await begin(market, "sadad")
    await market.return_to_shop(await market.at_bank(begun, card_holder="0499370899"))
    assert await state_of(market, begun) == "failed"
    assert (await market.bill(begun["bill_id"]))["state"] == "open"


async def test_a_sale_at_mellat_is_settled_and_can_still_be_refunded(market):
    begun = await begin(market, "mellat")
    await market.return_to_shop(await market.at_bank(begun))
    assert (await market.bank.row(begun["redirect_url"]))["settled_at"] is not None
    await market.hear(await market.declined(begun["payment_id"]))
    await market.run("payment.returns")
    assert await state_of(market, begun) == "refunded"
    assert (await market.bank.row(begun["redirect_url"]))["refunded_amount"] == begun["amount"]


async def test_a_settlement_without_an_answer_is_asked_for_again(market):
    begun = await begin(market, "mellat")
    await market.bank.arm(begun["redirect_url"], {"kind": "unavailable", "operation": "settle"})
    await market.return_to_shop(await market.at_bank(begun))
    assert await state_of(market, begun) == "unknown"
    await sweep(market, minutes=1)
    assert await state_of(market, begun) == "verified"


@pytest.mark.parametrize("provider", ["zibal", "sadad"])
async def test_what_a_provider_cannot_send_back_becomes_a_refund_to_the_sheba(market, provider):
    begun = await begin(market, provider)
    await market.return_to_shop(await market.at_bank(begun))
    await market.hear(await market.declined(begun["payment_id"]))
    await market.run("payment.returns")
    await market.run("payment.deposit_returns")
    assert await market.rows("SELECT id::text, amount, reason FROM refunds") == [
        (begun["payment_id"], begun["amount"], "order_lapsed")
    ]
    assert (await market.balance()).is_kept


async def test_the_page_that_leads_to_mellat_is_there_while_the_payment_is_at_the_bank(market):
    begun = await begin(market, "mellat")
    path = begun["redirect_url"].partition(market.checkout.settings.public_url)[2]
    page = await market.client.get(path)
    assert page.headers["content-type"].startswith("text/html")
    assert begun["form"]["fields"]["RefId"] in page.text
    await market.return_to_shop(await market.at_bank(begun))
    assert (await market.client.get(path)).status_code == 404
