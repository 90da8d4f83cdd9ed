"""What names money at a bank is unique in the database, and is written down before the bank is asked."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from chassis.testing.eventually import eventually
from payment.providers.capabilities import CAPABILITIES

BLIND = sorted(name for name, one in CAPABILITIES.items() if one.needs_callback)
SEEING = sorted(CAPABILITIES.keys() - BLIND)


async def begin(market, provider):
    bill = await market.new_bill()
    return await market.started(bill["id"], provider=provider)


@pytest.mark.parametrize("provider", BLIND)
async def test_a_reference_is_written_down_while_the_bank_has_not_answered(market, provider):
    begun = await begin(market, provider)
    back = await market.at_bank(begun)
    await market.bank.arm(begun["redirect_url"], {"kind": "slow", "operation": "verify", "seconds": 1})
    returning = asyncio.create_task(market.return_to_shop(back))
    [row] = await eventually(lambda: market.rows("SELECT payment_id FROM bank_references"))
    assert str(row.payment_id) == begun["payment_id"]
    assert await market.state(begun["payment_id"]) == "at_bank"
    await returning
    assert await market.state(begun["payment_id"]) == "verified"


async def test_where_the_session_names_the_money_it_is_known_before_the_buyer_is_sent(market):
    for provider in SEEING:
        await begin(market, provider)
    rows = await market.rows("SELECT provider, authority FROM payments ORDER BY provider")
    assert [row.provider for row in rows] == SEEING
    assert all(row.authority for row in rows)


SAME = {
    "bank_references_pkey": "INSERT INTO bank_references"
    " SELECT provider, reference, :other FROM bank_references",
    "payments_authority": "UPDATE payments SET authority ="
    " (SELECT authority FROM payments WHERE id <> :other) WHERE id = :other",
}


@pytest.mark.parametrize("index", SAME)
async def test_the_database_refuses_one_name_for_two_payments(shop, index):
    paid, other = await shop.new_bill(), await shop.new_bill()
    await shop.pay(paid["id"])
    begun = await shop.started(other["id"])
    async with shop.database.engine.connect() as connection:
        with pytest.raises(IntegrityError, match=index):
            await connection.execute(text(SAME[index]), {"other": begun["payment_id"]})
