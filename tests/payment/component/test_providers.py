"""One suite for all providers: every way a payment can go, against their simulators over HTTP.

Each test takes all of them, one bill each, and says what has become of each.
"""

import asyncio

import pytest

from events.payment import BillPaid
from payment.providers.capabilities import CAPABILITIES

PROVIDERS = sorted(CAPABILITIES)
BLIND = sorted(name for name, one in CAPABILITIES.items() if one.needs_callback)
"""Those that can be asked about a payment only with what the browser brings back."""
SEEING = sorted(set(PROVIDERS) - set(BLIND))
ONE_CANNOT = {"sadad"}
"""Verified money of another amount that its provider cannot send back becomes a refund to the Sheba."""


@pytest.fixture
async def begun(market):
    return [await begin(market, provider) for provider in PROVIDERS]


async def begin(market, provider):
    bill = await market.new_bill()
    return await market.started(bill["id"], provider=provider) | {"bill_id": bill["id"]}


async def states(market, begun):
    return {one["provider"]: await market.state(one["payment_id"]) for one in begun}


def all_are(state, providers=PROVIDERS):
    return dict.fromkeys(providers, state)


async def held(market, begun):
    """What each bill holds of what was paid."""
    return {one["provider"]: (await market.bill(one["bill_id"]))["paid"] for one in begun}


async def at_banks(market, begun):
    return {one["provider"]: await market.bank.row(one["redirect_url"]) for one in begun}


async def arm(market, begun, *faults):
    for one in begun:
        await market.bank.arm(one["redirect_url"], *faults)


async def pay(market, begun, outcome="paid", times=1):
    """All buyers pay at once, and come back so many times at once."""

    async def buyer(one):
        back = await market.at_bank(one, outcome)
        await asyncio.gather(*(market.return_to_shop(back) for _ in range(times)))
        return back

    return await asyncio.gather(*map(buyer, begun))


async def sweep(market, **period):
    await market.advance(**period)
    await market.run("payment.sweep")


async def test_money_that_came_pays_its_bill_once_however_often_the_browser_comes_back(market, begun):
    await pay(market, begun, times=10)
    assert await states(market, begun) == all_are("verified")
    rows = await at_banks(market, begun)
    assert {name: row["state"] for name, row in rows.items()} == all_are("verified")
    references = {one["provider"]: (await market.payment(one["payment_id"]))["reference"] for one in begun}
    assert references == {name: str(row["ref_id"]) for name, row in rows.items()}
    assert await held(market, begun) == {one["provider"]: one["amount"] for one in begun}
    assert len(await market.published(BillPaid.name)) == len(begun)
    accounts = {f"provider:{one['provider']}": one["amount"] for one in begun}
    assert (await market.balance()).accounts == accounts | {"buyer": -sum(accounts.values())}


@pytest.mark.parametrize("outcome", ["cancelled", "failed"])
async def test_who_did_not_pay_may_start_anew(market, begun, outcome):
    await pay(market, begun, outcome)
    assert await states(market, begun) == all_are("failed")
    again = [await market.started(one["bill_id"], provider=one["provider"]) for one in begun]
    await pay(market, again)
    assert await states(market, again) == all_are("verified")


async def test_a_lost_callback_is_made_up_for_or_the_money_goes_back(market, begun):
    for one in begun:
        await market.at_bank(one)
    await sweep(market, minutes=1)
    assert await states(market, begun) == all_are("verified", SEEING) | all_are("at_bank", BLIND)
    await sweep(market, minutes=20)
    blind = [one for one in begun if one["provider"] in BLIND]
    refused = [(await market.start(one["bill_id"])).json()["code"] for one in blind]
    assert refused == ["payment_unknown"] * len(blind)
    await sweep(market, minutes=59)
    assert await states(market, blind) == all_are("failed", BLIND)
    rows = await at_banks(market, blind)
    assert {name: row["state"] for name, row in rows.items()} == all_are("reversed", BLIND)
    assert await held(market, blind) == all_are(0, BLIND)
    await market.started(blind[0]["bill_id"])


async def test_without_an_answer_a_payment_is_unknown_and_asked_about_again(market, begun):
    await arm(
        market,
        begun,
        {"kind": "unavailable", "operation": "verify"},
        {"kind": "unavailable", "operation": "inquiry"},
    )
    await pay(market, begun)
    assert await states(market, begun) == all_are("unknown")
    assert (await market.start(begun[0]["bill_id"])).json()["code"] == "payment_unknown"
    await sweep(market, minutes=1)
    await sweep(market, minutes=2)
    assert await states(market, begun) == all_are("verified")
    assert (await market.balance()).is_kept


REFUSED = {"zarinpal": -12, "zibal": 104, "sep": -106, "mellat": 34, "sadad": 1029}
"""What says nothing of the money: too many attempts, another merchant, another address, a system's error."""


async def test_an_error_says_nothing_of_the_money_and_is_asked_about_again_where_that_is_allowed(
    market, begun
):
    for one in begun:
        refusal = {"kind": "refuse", "operation": "verify", "code": REFUSED[one["provider"]]}
        await arm(market, [one], refusal, {"kind": "unavailable", "operation": "inquiry"})
    back_from = dict(zip(PROVIDERS, await pay(market, begun), strict=True))
    assert await states(market, begun) == all_are("unknown")
    await market.return_to_shop(back_from["sep"])
    rows = await at_banks(market, begun)
    assert rows["sep"]["verifies"] == 1, "SEP's document allows it only when no answer came"
    for minutes in (1, 2, 3, 6):
        await sweep(market, minutes=minutes)
    assert await states(market, begun) == all_are("verified") | {"sep": "unknown"}
    await sweep(market, minutes=40)
    assert await states(market, begun) == all_are("verified") | {"sep": "reversed"}
    assert (await at_banks(market, begun))["sep"]["verifies"] == 2
    assert (await market.balance()).is_kept


async def test_a_verification_that_was_done_and_not_answered_counts_once(market, begun):
    await arm(market, begun, {"kind": "hang_done", "operation": "verify"})
    await pay(market, begun)
    assert await states(market, begun) == all_are("unknown")
    await sweep(market, minutes=1)
    assert await states(market, begun) == all_are("verified")
    assert len(await market.published(BillPaid.name)) == len(begun)


async def test_another_amount_is_never_counted_and_goes_back(market, begun):
    await arm(market, begun, {"kind": "other_amount"})
    await pay(market, begun)
    assert await states(market, begun) == all_are("conflicted")
    assert await held(market, begun) == all_are(0)
    await market.run("payment.returns")
    await market.advance(minutes=31)
    await market.run("payment.returns")
    assert await states(market, begun) == all_are("reversed") | all_are("conflicted", ONE_CANNOT)
    by_transfer = await market.rows(
        "SELECT provider FROM owed_returns JOIN payments ON id = payment_id WHERE by_transfer"
    )
    assert {provider for (provider,) in by_transfer} == ONE_CANNOT
    assert (await market.balance()).is_kept


async def test_a_page_that_expires_ends_the_payment(market, begun):
    await arm(market, begun, {"kind": "expire_token"})
    assert [await market.at_bank(one) for one in begun] == [None] * len(begun)
    await sweep(market, minutes=80)
    assert await states(market, begun) == all_are("failed")


async def test_money_that_the_bank_sent_back_pays_nothing(market, begun):
    await arm(market, begun, {"kind": "auto_reverse"})
    await pay(market, begun)
    assert await states(market, begun) == all_are("reversed")
    assert await held(market, begun) == all_are(0)


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
    """Somebody posts what a bank would, having paid nothing; gives the status of the answer."""
    rows = await market.rows("SELECT id, authority, number FROM payments")
    [row] = [row for row in rows if str(row.id) == begun["payment_id"]]
    facts = {"authority": row.authority, "number": row.number, "reference": reference}
    form = {name: value.format(**facts | changes) for name, value in FORGED[begun["provider"]].items()}
    answer = await market.client.post(f"/api/v1/payments/callback/{begun['provider']}", data=form)
    return answer.status_code


async def test_a_forged_callback_pays_nothing_ends_nothing_and_keeps_no_reference(market, begun):
    assert [await forge(market, one) for one in begun] == [303] * len(begun)
    assert await states(market, begun) == all_are("at_bank")
    assert await market.rows("SELECT 1 FROM bank_references") == []
    await pay(market, begun)
    assert await states(market, begun) == all_are("verified")


async def test_a_callback_with_the_number_of_another_order_is_not_found(market, begun):
    statuses = {one["provider"]: await forge(market, one, number=1) for one in begun}
    assert statuses == all_are(404) | {"zarinpal": 303}, "only ZarinPal does not repeat a number"


async def test_the_reference_of_one_payment_does_not_pay_another(market):
    for provider in BLIND:
        paid, unpaid = await begin(market, provider), await begin(market, provider)
        await pay(market, [paid])
        reference = (await market.payment(paid["payment_id"]))["reference"]
        assert await forge(market, unpaid, reference) == 303
        assert await states(market, [unpaid]) == {provider: "at_bank"}
        assert await held(market, [unpaid]) == {provider: 0}


async def test_a_reference_shown_for_another_bill_first_pays_one_bill(market):
    """At SEP nothing but the reference names a payment: it pays for whom it was written down first."""
    paid, other = await begin(market, "sep"), await begin(market, "sep")
    back = await market.at_bank(paid)
    await forge(market, other, back.form["RefNum"])
    await market.return_to_shop(back)
    assert {await market.state(one["payment_id"]) for one in (paid, other)} == {"verified", "at_bank"}
    assert len(await market.published(BillPaid.name)) == 1


async def test_a_callback_replayed_after_the_end_asks_nobody(market, begun):
    ways_back = await pay(market, begun)
    before = await at_banks(market, begun)
    await market.advance(minutes=90)
    for back in ways_back:
        assert (await market.return_to_shop(back)).status_code == 303
    assert await at_banks(market, begun) == before
    assert len(await market.published(BillPaid.name)) == len(begun)


async def test_a_card_of_somebody_else_does_not_pay_where_it_is_bound(market):
    begun = await begin(market, "sadad")
    await market.return_to_shop(await market.at_bank(begun, card_holder="0499370899"))
    assert await market.state(begun["payment_id"]) == "failed"


async def test_a_sale_at_mellat_is_settled_and_can_still_be_refunded(market):
    begun = await begin(market, "mellat")
    await market.bank.arm(begun["redirect_url"], {"kind": "unavailable", "operation": "settle"})
    await pay(market, [begun])
    assert await market.state(begun["payment_id"]) == "unknown"
    await sweep(market, minutes=1)
    assert (await market.bank.row(begun["redirect_url"]))["settled_at"] is not None
    await market.hear(await market.declined(begun["payment_id"]))
    await market.run("payment.returns")
    assert await market.state(begun["payment_id"]) == "refunded"
    assert (await market.bank.row(begun["redirect_url"]))["refunded_amount"] == begun["amount"]


async def test_what_a_provider_cannot_send_back_becomes_a_refund_to_the_sheba(market):
    begun = [await begin(market, provider) for provider in ("zibal", "sadad")]
    await pay(market, begun)
    for one in begun:
        await market.hear(await market.declined(one["payment_id"]))
    await market.run("payment.returns")
    await market.run("payment.deposit_returns")
    refunds = {found: (amount, reason) for found, amount, reason in await market.rows(REFUNDS)}
    assert [refunds[one["payment_id"]] for one in begun] == [(one["amount"], "order_lapsed") for one in begun]
    assert (await market.balance()).is_kept


REFUNDS = "SELECT id::text, amount, reason FROM refunds"


async def test_the_page_that_leads_to_mellat_is_there_while_the_payment_is_at_the_bank(market):
    begun = await begin(market, "mellat")
    path = begun["redirect_url"].partition(market.checkout.settings.public_url)[2]
    page = await market.client.get(path)
    assert page.headers["content-type"].startswith("text/html")
    assert begun["form"]["fields"]["RefId"] in page.text
    assert '<meta name="referrer" content="strict-origin-when-cross-origin">' in page.text
    await pay(market, [begun])
    assert (await market.client.get(path)).status_code == 404
