"""Quotas of classes, dealerships and colours within an offering: exact, and refused by their level."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select

from iran import Province
from sales.customers.tables import Customer
from sales.eligibility import evidence
from sales.eligibility.tables import Fact
from sales.orders.jobs import lapse_overdue
from sales.plans.tables import Offering, Quota

IMPORTED = datetime(2026, 11, 1, tzinfo=UTC)
WHITE, BLACK = "سفید", "سیاه"


async def divided_plan(office, capacity=10, terms=None, handover=(), handover_at=None, **quotas):
    """A plan for ordinary applicants and veterans; ``quotas`` divide its one car."""
    classes = {"applicant_classes": ["ordinary", "veterans"], "quota_handover": list(handover)}
    classes["quota_handover_at"] = handover_at
    body = office.plan_body(**classes, terms=terms or {})
    body["offerings"][0] |= {"capacity": capacity, **quotas}
    drafted = await office.client.post("/api/v1/staff/plans", json=body, headers=office.manager)
    assert drafted.status_code == 201, drafted.text
    path = f"/api/v1/staff/plans/{drafted.json()['plan_id']}/publication"
    published = await office.client.post(path, headers=office.manager)
    assert published.status_code == 200, published.text
    return published.json()


async def list_veterans(office, customers):
    async with office.database.transaction() as session:
        query = select(Customer.national_code_index).where(Customer.id.in_(customers))
        rows = [
            {
                "subject": subject,
                "name": "class_member",
                "item": "veterans",
                "value": {},
                "source": "foundation",
                "imported_at": IMPORTED,
                "import_id": UUID(int=1),
            }
            for subject in await session.scalars(query)
        ]
        await session.execute(insert(Fact), rows)


def wish(plan, colour=None, **changes):
    return {"choices": [{"offering_id": plan["offerings"][0]["offering_id"], "colour": colour}], **changes}


async def counted(office, plan):
    """What the counters say: the offering's, and each limited quota's."""
    async with office.database.transaction() as session:
        offering = (
            await session.scalars(select(Offering).where(Offering.plan_id == UUID(plan["plan_id"])))
        ).one()
        return offering.sold, {
            quota.key: quota.sold for quota in offering.quotas if quota.capacity is not None
        }


async def test_a_crowd_gets_exactly_what_each_level_has_and_everybody_else_is_told_which_was_full(office):
    plan = await divided_plan(
        office,
        capacity=20,
        class_quotas={"ordinary": 12, "veterans": 8},
        colour_quotas={WHITE: 15, BLACK: 5},
        dealership_quotas={str(office.dealership_id): 20},
    )
    people = await office.customers(80)
    await list_veterans(office, people)
    chance = random.Random(7)
    wishes = [
        wish(plan, chance.choice([WHITE, BLACK]), applicant_class=chance.choice(["ordinary", "veterans"]))
        for _ in people
    ]
    answers = await asyncio.gather(
        *(office.order(who, plan, **wanted) for who, wanted in zip(people, wishes, strict=True))
    )
    orders = await office.orders_of(plan)
    sold, quotas = await counted(office, plan)
    assert sold == len(orders) == sum(answer.status_code == 201 for answer in answers) == 20
    assert quotas == {
        **Counter(order.applicant_class for order in orders),
        **Counter(order.colour for order in orders),
        str(office.dealership_id): 20,
    }
    assert quotas["ordinary"] == 12
    assert quotas["veterans"] == 8
    refused = Counter(answer.json()["level"] for answer in answers if answer.status_code != 201)
    assert set(refused) <= {"car", "class", "colour", "dealership"}
    assert sum(refused.values()) == 60


async def test_a_lapse_gives_back_on_every_level_and_the_page_shows_it(office):
    plan = await divided_plan(
        office, capacity=2, class_quotas={"ordinary": 1, "veterans": 1}, colour_quotas={WHITE: 2, BLACK: 0}
    )
    first, second = await office.customers(2)
    assert (await office.order(first, plan, **wish(plan, WHITE))).status_code == 201
    full = await office.order(second, plan, **wish(plan, WHITE))
    assert (full.json()["code"], full.json()["level"]) == ("sold_out", "class")
    none = await office.order(second, plan, **wish(plan, BLACK))
    assert none.json()["level"] in {"class", "colour"}
    office.clock.advance(hours=49)
    await lapse_overdue(office.database, office.clock)
    await office.service.resources[0].refresh()
    assert await counted(office, plan) == (0, {"ordinary": 0, "veterans": 0, WHITE: 0, BLACK: 0})
    page = (await office.client.get(f"/api/v1/plans/{plan['plan_id']}")).json()["offerings"][0]
    assert page["available_by_class"] == {"ordinary": 1, "veterans": 1}
    assert page["available_by_colour"] == {WHITE: 2, BLACK: 0}


async def test_only_members_of_a_class_use_its_quota_and_the_evidence_is_kept(office):
    plan = await divided_plan(office, class_quotas={"ordinary": 5, "veterans": 5})
    member, stranger = await office.customers(2)
    await list_veterans(office, [member])
    refused = await office.order(stranger, plan, applicant_class="veterans")
    assert (refused.status_code, refused.json()["rule"]) == (403, "class_member")
    taken = await office.order(member, plan, applicant_class="veterans")
    assert taken.status_code == 201
    async with office.database.transaction() as session:
        [check] = await evidence.of_order(session, UUID(taken.json()["order_id"]))
    assert (check.occasion, check.passed) == ("order", True)
    assert check.verdicts == [
        {
            "rule": "class_member",
            "verdict": "pass",
            "input": {"class": "veterans", "listed": True},
            "source": "foundation",
        }
    ]
    other = await office.order(stranger, plan, applicant_class="family_youth")
    assert (other.status_code, other.json()["code"]) == (422, "unknown_class")


async def test_where_dealerships_or_colours_are_counted_they_must_be_chosen_among_them(office):
    elsewhere = (
        await office.client.get("/api/v1/dealerships", params={"province": Province.FARS.value})
    ).json()
    plan = await divided_plan(
        office,
        colour_quotas={WHITE: 6, BLACK: 4},
        dealership_quotas={elsewhere["items"][0]["dealership_id"]: None},
    )
    [buyer] = await office.customers(1)
    assert (await office.order(buyer, plan)).json()["code"] == "colour_required"
    wrong = await office.order(buyer, plan, **wish(plan, WHITE))
    assert wrong.json()["code"] == "dealership_not_offered"
    choices = wish(plan)["choices"] * 2
    assert (await office.order(buyer, plan, choices=choices)).json()["code"] == "too_many_choices"


async def test_an_order_freezes_the_terms_of_its_plan(office):
    terms = {
        "rates": {"cancellation_profit": 1200, "late_fee": 2400},
        "periods": {"invitation_days": 3},
        "instalments": [{"after_days": 30}, {"after_days": 60}],
        "transfer_allowed": True,
    }
    plan = await office.open_plan(kind="pre_sale", terms=terms)
    [buyer] = await office.customers(1)
    await office.order(buyer, plan)
    [order] = await office.orders_of(plan)
    frozen = order.terms
    assert (frozen["kind"], frozen["method"], frozen["transfer_allowed"]) == ("pre_sale", "first_come", True)
    assert frozen["rates"]["penalty_kind"] == "ordinary_pre_sale"
    assert [row["amount"] for row in frozen["schedule"]] == [4_050_000_000, 4_050_000_000]
    assert frozen["periods"]["invitation_days"] == 3
    assert (await counted(office, plan)) == (1, {})


async def test_quota_rows_of_an_offering_are_its_own(office):
    """Two plans with the same names share nothing."""
    one = await divided_plan(office, class_quotas={"ordinary": 9, "veterans": 1})
    other = await divided_plan(office, class_quotas={"ordinary": 1, "veterans": 9})
    first, second = await office.customers(2)
    await office.order(first, other)
    assert (await office.order(second, other)).json()["level"] == "class"
    assert (await office.order(second, one)).status_code == 201
    async with office.database.transaction() as session:
        sold = await session.scalars(select(Quota.sold).where(Quota.key == "ordinary"))
        assert sorted(sold) == [1, 1]


async def test_colour_and_dealership_change_where_and_while_the_plan_allows_it(office):
    terms = {"colour_until": "payment", "dealership_until": None}
    plan = await divided_plan(office, capacity=3, colour_quotas={WHITE: 2, BLACK: 1}, terms=terms)
    first, second = await office.customers(2)
    placed = [await office.order(who, plan, **wish(plan, WHITE)) for who in (first, second)]
    paths = [f"/api/v1/orders/{answer.json()['order_id']}" for answer in placed]

    async def change(who, path, **changes):
        return await office.client.patch(path, json=changes, headers=office.buyer(who))

    painted = await change(first, paths[0], colour=BLACK)
    assert (painted.status_code, painted.json()["colour"]) == (200, BLACK)
    assert painted.json()["timeline"][-1]["state"] == "colour_changed"
    assert (await counted(office, plan))[1] == {WHITE: 1, BLACK: 1}
    full = await change(second, paths[1], colour=BLACK)
    assert (full.status_code, full.json()["level"]) == (409, "colour")
    moved = await change(second, paths[1], dealership_id=str(UUID(int=5)))
    assert (moved.status_code, moved.json()["code"]) == (409, "not_changeable")
    assert (await change(second, paths[1], colour="صورتی")).json()["code"] == "unknown_colour"
    assert (await change(second, paths[0], colour=WHITE)).status_code == 404
    assert (await counted(office, plan)) == (2, {WHITE: 1, BLACK: 1})
    office.clock.advance(hours=49)
    await lapse_overdue(office.database, office.clock)
    assert (await change(first, paths[0], colour=WHITE)).json()["code"] == "not_changeable"
    assert (await counted(office, plan)) == (0, {WHITE: 0, BLACK: 0})


async def test_a_dealership_of_another_province_is_refused_in_a_change_too(office):
    plan = await divided_plan(office, terms={"dealership_until": "settlement"})
    [buyer] = await office.customers(1)
    path = f"/api/v1/orders/{(await office.order(buyer, plan)).json()['order_id']}"
    answers = (
        await office.client.get("/api/v1/dealerships", params={"province": Province.FARS.value})
    ).json()
    body = {"dealership_id": answers["items"][0]["dealership_id"]}
    refused = await office.client.patch(path, json=body, headers=office.buyer(buyer))
    assert (refused.status_code, refused.json()["rule"]) == (403, "dealership_in_province")


async def test_seats_that_a_class_leaves_are_handed_on_and_none_appears_from_nowhere(office):
    plan = await divided_plan(
        office, capacity=4, class_quotas={"ordinary": 1, "veterans": 3}, handover=["ordinary"]
    )
    buyers = await office.customers(5)
    await list_veterans(office, buyers[:1])
    assert (await office.order(buyers[0], plan, applicant_class="veterans")).status_code == 201
    assert (await office.order(buyers[1], plan)).status_code == 201
    assert (await office.order(buyers[2], plan)).json()["level"] == "class"
    path = f"/api/v1/staff/plans/{plan['plan_id']}/handover"
    wrong = await office.client.post(path, json={"to": "veterans"}, headers=office.manager)
    assert wrong.json()["code"] == "illegal_plan_move"
    for _ in range(2):
        handed = await office.client.post(path, json={"to": "ordinary"}, headers=office.manager)
        quotas = {
            row["key"]: (row["capacity"], row["sold"]) for row in handed.json()["offerings"][0]["quotas"]
        }
        assert quotas == {"ordinary": (3, 1), "veterans": (1, 1)}
    answers = [(await office.order(who, plan)).status_code for who in buyers[2:]]
    assert answers == [201, 201, 409]
    assert await counted(office, plan) == (4, {"ordinary": 3, "veterans": 1})


async def test_seats_are_handed_on_by_themselves_once_at_the_time_that_the_plan_names(office):
    at = (office.clock() + timedelta(hours=3)).isoformat()
    quotas = {"class_quotas": {"ordinary": 1, "veterans": 3}}
    plan = await divided_plan(office, capacity=4, handover=["ordinary"], handover_at=at, **quotas)
    buyers = await office.customers(3)
    assert (await office.order(buyers[0], plan)).status_code == 201
    [job] = [job for job in office.service.jobs if job.name == "sales.handovers"]
    assert not await job.run()
    assert (await office.order(buyers[1], plan)).json()["level"] == "class"
    office.clock.advance(hours=3)

    turns = await asyncio.gather(job.run(), job.run())

    assert sorted(turns) == [False, True]
    assert not await job.run()
    await office.service.resources[0].refresh()
    assert (await office.order(buyers[1], plan)).status_code == 201
    assert await counted(office, plan) == (2, {"ordinary": 2, "veterans": 0})
    watched = await office.client.get(f"/api/v1/staff/plans/{plan['plan_id']}", headers=office.manager)
    assert watched.json()["handed_over_at"] is not None
