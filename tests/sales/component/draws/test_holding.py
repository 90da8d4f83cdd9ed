"""A draw from the first entry to the result in the order's details."""

import json
from collections import Counter
from uuid import UUID

from sqlalchemy import select, text

from events.sales import DrawHeld, DrawResultsListed
from sales.customers.tables import Disablement
from sales.draws import telling, verify_draw
from sales.draws.tables import DrawEntry
from sales.invitations import drawn
from sales.invitations.drawn import Vacancy


async def test_the_whole_draw_can_be_checked_by_anybody(desk, tmp_path, capsys):
    await desk.enter(6)
    await desk.enter_all(await desk.veterans(1), applicant_class="veterans")
    assert (await desk.ticket(0))["outcome"] is None
    desk.close()
    assert (await desk.public()).json()["state"] == "closed"
    await desk.freeze()
    await desk.seed()
    before = (await desk.public()).json()
    assert (before["state"], before["seed"]) == ("frozen", None)
    assert (await desk.public("/seed")).status_code == 404
    await desk.hold()

    held = (await desk.public()).json()
    assert (held["state"], held["selected"], held["reserve"]) == ("drawn", 3, 3)
    await desk.download(tmp_path)
    verify_draw.verify(tmp_path)
    assert "7 entries, 3 selected, 3 in reserve" in capsys.readouterr().out
    tickets = [await desk.ticket(number) for number in range(7)]
    assert Counter(t["outcome"] for t in tickets) == {"selected": 3, "reserve": 3, "not_selected": 1}
    assert tickets[6]["outcome"] == "selected"
    commitment = json.loads((tmp_path / "commitment.json").read_bytes())
    verify_draw.check_receipt(tickets[2], commitment, tmp_path)
    proof = (await desk.office.client.get(f"/api/v1{tickets[2]['proof']}")).json()
    verify_draw.check_proof(proof, commitment["merkle_root"])
    told = await desk.office.published("sales.draw_held.v1")
    assert [event["selected"] for event in told] == [3]


async def test_winners_and_reserve_are_there_in_the_order_of_the_ranks(desk):
    await desk.enter(6)
    desk.close()
    await desk.freeze()
    await desk.seed()
    await desk.hold()
    first = UUID(desk.plan["offerings"][0]["offering_id"])
    async with desk.office.database.transaction() as session:
        winners = await drawn.selected(session, desk.plan_id, None, 10)
        waiting = await drawn.next_in_reserve(session, Vacancy(desk.plan_id, first, "ordinary"), 10)
        seats = await session.execute(
            text("SELECT key, capacity FROM quotas WHERE offering_id = :id AND level = 'class'"),
            {"id": first},
        )
    assert len(winners) == 3
    assert {str(order_id) for order_id in waiting}.isdisjoint(str(one.order_id) for one in winners)
    assert [(await desk.ticket(desk.orders.index(str(one))))["position"] for one in waiting] == [1, 2]
    assert {row.key: row.capacity for row in seats} == {"ordinary": 2, "veterans": 0}


async def test_one_person_enters_once_and_a_repeated_request_finds_its_entry(desk):
    (customer_id,) = await desk.office.customers(1)
    first = await desk.office.order(customer_id, desk.plan, key="one-and-the-same")
    again = await desk.office.order(customer_id, desk.plan, key="one-and-the-same")
    other = await desk.office.order(customer_id, desk.plan, key="another-request")
    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (409, "one_order_per_plan")
    async with desk.office.database.transaction() as session:
        entries = await session.scalars(select(DrawEntry).where(DrawEntry.plan_id == desk.plan_id))
        assert len(entries.all()) == 1


async def test_everybody_who_entered_is_listed_once_page_by_page(desk, monkeypatch):
    monkeypatch.setattr(telling, "PAGE", 2)
    await desk.enter(5)
    desk.close()
    await desk.freeze()
    await desk.seed()
    await desk.hold()
    [held] = await desk.office.published("sales.draw_held.v1")
    async with desk.office.database.transaction() as session:
        await telling.on_draw_held(session, DrawHeld(**held))
    for _ in range(3):
        listed = DrawResultsListed(**(await desk.office.published("sales.draw_results_listed.v1"))[-1])
        async with desk.office.database.transaction() as session:
            await telling.on_results_listed(session, listed)
    pages = [
        DrawResultsListed(**page) for page in await desk.office.published("sales.draw_results_listed.v1")
    ]
    assert [(page.page, page.last, len(page.results)) for page in pages] == [
        (1, False, 2),
        (2, False, 2),
        (3, True, 1),
    ]
    told = [entry for page in pages for entry in page.results]
    assert sorted(entry.customer_id for entry in told) == sorted(desk.entrants)
    assert {str(entry.order_id): entry.outcome for entry in told} == {
        desk.orders[number]: (await desk.ticket(number))["outcome"] for number in range(5)
    }


async def test_entrants_are_checked_again_by_themselves_once_the_plan_has_closed(desk):
    await desk.enter(3)
    async with desk.office.database.transaction() as session:
        session.add(Disablement(customer_id=desk.entrants[0], disabled=True, version=2))
    await desk.rechecked()
    assert await desk.office.published("sales.order_voided.v1") == []
    desk.close()

    await desk.freeze()

    [voided] = await desk.office.published("sales.order_voided.v1")
    assert (voided["order_id"], voided["rule"]) == (desk.orders[0], "account_open")
    assert (await desk.public()).json()["entries"] == 2
