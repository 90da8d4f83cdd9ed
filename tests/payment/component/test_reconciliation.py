"""A provider's day against ours: asked payment by payment, or as the provider's own file says."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from iran import start_of_day, tehran_date
from payment.reconciliation.asking import PATIENCE

JOB = "payment.reconciliation"
LINES = "authority,reference,amount,returned"


@pytest.fixture
async def books(shop, counter):
    async with shop.database.transaction() as session:
        await session.execute(text("TRUNCATE reconciliations, settlement_rows"))
    return counter


async def paid(shop):
    """A payment that came, as (id, address of its session)."""
    bill = await shop.new_bill()
    begun = await shop.started(bill["id"])
    await shop.come_back(await shop.bank.pay(begun["redirect_url"]))
    return begun["payment_id"], begun["redirect_url"]


async def think(shop, payment_id, state):
    """What we have written down of a payment, against what happened."""
    wrong = text("UPDATE payments SET state = :state WHERE id = :id")
    async with shop.database.transaction() as session:
        await session.execute(wrong, {"id": payment_id, "state": state})


async def days(books, method="inquiry"):
    items = (await books.get("/reconciliations", provider="zarinpal")).json()["items"]
    return [item for item in items if item["method"] == method and item["looked_at"]]


async def minded(books):
    items = (await books.get("/differences", source="provider_day")).json()["items"]
    return {(item["payment_id"], item["reason"]) for item in items}


async def test_a_day_that_agrees_is_done_and_each_difference_is_found_once(shop, books):
    await paid(shop)
    (lost, _), (back, _) = [await paid(shop) for _ in range(2)]
    live = (await shop.started((await shop.new_bill())["id"]))["payment_id"]
    await think(shop, lost, "failed")
    await think(shop, back, "reversed")
    await shop.run(JOB)
    assert await days(books) == []
    await shop.advance(days=1, hours=3)
    await shop.run(JOB)
    [day] = await days(books)
    assert (day["looked_at"], day["differing"], day["done_at"] is not None) == (4, 3, True)
    expected = {(lost, "paid_there"), (back, "not_returned_there"), (live, "undecided_here")}
    assert await minded(books) == expected

    again = {"provider": "zarinpal", "day": day["day"]}
    begun = await books.post("/reconciliations", again)
    assert (begun.status_code, begun.json()["done_at"]) == (201, None)
    await shop.run(JOB)
    assert ((await days(books))[0]["looked_at"], await minded(books)) == (4, expected)
    today = {"provider": "zarinpal", "day": tehran_date(shop.clock()).isoformat()}
    assert (await books.post("/reconciliations", today)).json()["code"] == "day_not_over"


async def test_a_provider_that_does_not_answer_is_asked_again_before_that_is_a_difference(shop, books):
    payment_id, url = await paid(shop)
    await shop.advance(days=1, hours=3)
    silence = {"kind": "unavailable", "operation": "inquiry"}
    await shop.bank.arm(url, silence, silence)
    await shop.run(JOB)
    assert (await days(books), await minded(books)) == ([], set())
    await shop.advance(seconds=PATIENCE.total_seconds())
    await shop.run(JOB)
    [day] = await days(books)
    assert (day["differing"], await minded(books)) == (1, {(payment_id, "no_answer")})


async def test_the_report_of_a_provider_is_compared_as_a_set(shop, books):
    same, dearer, returned, missing = [await paid(shop) for _ in range(4)]
    day = tehran_date(shop.clock())
    rows = []
    for (payment_id, url), amount, back in ((same, 0, ""), (dearer, 1, ""), (returned, 0, "true")):
        payment = await shop.payment(payment_id)
        named = (url.rsplit("/", 1)[-1], "") if payment_id != same[0] else ("", payment["reference"])
        rows.append((*named, payment["amount"] + amount, back))
    rows.append(("A" * 36, "", 5_000, ""))
    async with shop.database.transaction() as session:
        morning = {"at": start_of_day(day) + timedelta(hours=8)}
        await session.execute(text("UPDATE payments SET settled_at = :at, started_at = :at"), morning)
    content = "\n".join([LINES, *(",".join(map(str, row)) for row in rows)]).encode()
    about = {"provider": "zarinpal", "day": day.isoformat()}
    seen, bad = await books.send_in(content, kind="reconciliations", **about)
    assert (seen["rows_good"], bad) == (4, [])
    for _ in range(2):
        await shop.run(JOB)
    [run] = await days(books, "file")
    assert (run["looked_at"], run["differing"]) == (4, 4)
    assert await minded(books) == {
        (dearer[0], "other_amount"),
        (returned[0], "returned_there"),
        (missing[0], "missing_there"),
        (None, "unknown_here"),
    }


async def test_the_last_days_are_caught_up_with_when_nothing_ran(shop, books):
    await paid(shop)
    await shop.advance(days=3)
    await shop.run(JOB)
    [day] = await days(books)
    assert day["day"] == (tehran_date(shop.clock()) - timedelta(days=3)).isoformat()
