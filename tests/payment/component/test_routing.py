"""Which provider a payment goes to, and who may arrange that."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import text

STAFF = "/api/v1/staff/payment-providers"
AS_INSTALLED = """
    UPDATE provider_routes SET offered = true, smallest = NULL, largest = NULL, version = 1,
        rank = CASE provider WHEN 'zarinpal' THEN 1 ELSE 2 END
"""


@pytest.fixture(autouse=True)
async def as_installed(market):
    yield
    async with market.database.transaction() as session:
        await session.execute(text(AS_INSTALLED))


async def offers(market, bill, **query):
    found = (await market.get(f"/bills/{bill['id']}/providers", **query)).json()
    return [item["provider"] for item in found["items"]]


async def arranged(market, provider, roles=("auditor",)):
    answer = await market.client.get(STAFF, headers=market.keys.authorization(uuid4(), list(roles)))
    assert answer.status_code == 200, answer.text
    return next(item for item in answer.json()["items"] if item["provider"] == provider)


async def arrange(market, provider, roles=("finance",), **changes):
    known = await arranged(market, provider)
    body = {
        name: known[name]
        for name in (
            "offered",
            "rank",
            "smallest",
            "largest",
            "fee_share",
            "fee_least",
            "fee_most",
            "version",
        )
    }
    headers = market.keys.authorization(uuid4(), list(roles))
    return await market.client.put(f"{STAFF}/{provider}", json=body | changes, headers=headers)


async def test_zarinpal_is_first_and_the_cheap_come_before_the_dear(market):
    bill = await market.new_bill()
    assert await offers(market, bill) == ["zarinpal", "mellat", "sadad", "sep", "zibal"]
    assert (await market.started(bill["id"]))["provider"] == "zarinpal"


async def test_another_buyers_bill_offers_nothing(market):
    bill = await market.new_bill()
    assert (await market.get(f"/bills/{bill['id']}/providers", uuid4())).status_code == 404


async def test_a_buyer_may_choose_among_the_offered(market):
    bill = await market.new_bill()
    assert (await market.started(bill["id"], provider="sep"))["provider"] == "sep"


async def test_staff_rearranges_providers_and_the_next_payment_follows(market):
    answer = await arrange(market, "mellat", rank=1, fee_share=0, fee_least=0)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert (await arrange(market, "zarinpal", offered=False)).status_code == 200
    bill = await market.new_bill()
    assert (await market.started(bill["id"]))["provider"] == "mellat"
    other = await market.new_bill()
    refused = await market.start(other["id"], provider="zarinpal")
    assert (refused.status_code, refused.json()["code"]) == (409, "provider_not_offered")
    audited = await market.rows("SELECT action FROM audit_entries ORDER BY id DESC LIMIT 1")
    assert audited == [("payment.provider_route.changed",)]


async def test_an_arrangement_that_somebody_else_changed_is_refused(market):
    await arrange(market, "sep", rank=3)
    answer = await arrange(market, "sep", version=1)
    assert (answer.status_code, answer.json()["code"]) == (409, "route_changed")


async def test_an_arrangement_that_makes_no_sense_is_refused(market):
    for changes in ({"rank": 0}, {"smallest": 5, "largest": 4}, {"fee_share": 10_001}, {"url": "x"}):
        assert (await arrange(market, "sep", **changes)).status_code == 422


async def test_only_finance_arranges_providers(market):
    for roles in ([], ["operator"], ["auditor"], ["manager"]):
        assert (await arrange(market, "sep", roles, rank=3)).status_code == 403


async def test_a_provider_takes_only_amounts_within_its_bounds(market):
    await arrange(market, "zarinpal", largest=800_000_000)
    bill = await market.new_bill()
    assert "zarinpal" not in await offers(market, bill)
    assert (await offers(market, bill, amount=700_000_000))[0] == "zarinpal"


async def test_who_has_told_no_national_code_is_not_offered_a_provider_that_binds_cards(market):
    market.buyer = uuid4()
    assert "sadad" not in await offers(market, await market.new_bill())


async def test_a_payment_goes_elsewhere_at_once_when_its_provider_does_not_answer(market):
    bill = await market.new_bill()
    await market.bank.arm_next({"kind": "unavailable", "operation": "request"})
    begun = await market.started(bill["id"])
    assert begun["provider"] == "mellat"
    await market.return_to_shop(await market.at_bank(begun))
    assert (await market.bill(bill["id"]))["state"] == "paid"


async def test_the_provider_that_a_buyer_chose_is_not_replaced(market):
    bill = await market.new_bill()
    await market.bank.arm_next({"kind": "unavailable", "operation": "request"})
    first = await market.start(bill["id"], key="key-number-1", provider="sadad")
    assert (first.status_code, first.json()["code"]) == (503, "provider_unavailable")
    again = await market.start(bill["id"], key="key-number-1", provider="sadad")
    assert (again.status_code, again.json()["provider"]) == (201, "sadad")


async def test_a_provider_that_fails_again_and_again_rests_and_is_tried_later(market):
    failures = market.checkout.settings.provider_failures
    for _ in range(failures):
        bill = await market.new_bill()
        await market.bank.arm_next({"kind": "unavailable", "operation": "request"})
        await market.start(bill["id"], provider="zarinpal")
    assert (await arranged(market, "zarinpal"))["resting"]
    bill = await market.new_bill()
    assert (await offers(market, bill))[-1] == "zarinpal"
    assert (await market.started(bill["id"]))["provider"] == "mellat"
    market.clock.advance(seconds=market.checkout.settings.provider_rest)
    assert (await market.started((await market.new_bill())["id"]))["provider"] == "zarinpal"
    assert not (await arranged(market, "zarinpal"))["resting"]


async def test_a_session_that_was_asked_for_again_has_another_number(market):
    """A bank that took the first request, whose answer was lost, would refuse the number as used."""
    bill = await market.new_bill()
    await market.bank.arm_next({"kind": "hang_done", "operation": "request"})
    lost = await market.start(bill["id"], key="key-number-1", provider="mellat")
    assert lost.status_code == 503
    again = await market.start(bill["id"], key="key-number-1", provider="mellat")
    assert again.status_code == 201


async def test_parallel_starts_lead_to_one_session_though_the_first_provider_is_down(market):
    bill = await market.new_bill()
    await market.bank.arm_next({"kind": "unavailable", "operation": "request"})
    answers = await asyncio.gather(*(market.start(bill["id"]) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["redirect_url"] for answer in answers}) == 1


async def test_payments_of_a_provider_that_is_connected_no_more_hold_nobody_up(market, shop):
    """``shop`` is the same service with ZarinPal alone."""
    bills = [await market.new_bill() for _ in range(2)]
    gone, there = [
        await market.started(bill["id"], provider=provider)
        for bill, provider in zip(bills, ("sadad", "zarinpal"), strict=True)
    ]
    for begun in (gone, there):
        await market.at_bank(begun)
    await shop.advance(minutes=1)
    await shop.run("payment.sweep")
    assert await market.state(there["payment_id"]) == "verified"
    assert await market.state(gone["payment_id"]) == "at_bank"
    market.clock.advance(minutes=1)
    await market.run("payment.sweep")
    assert await market.state(gone["payment_id"]) == "verified"
