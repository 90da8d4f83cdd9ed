"""Dealers and operators look up orders, and are seen doing it."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from iran import to_persian_digits
from iran.samples import national_code
from sales.dealerships.tables import Dealership
from sales.desk.service import ANYWHERE
from sales.orders.numbers import NumberKind, new_number
from sales.orders.tables import Order

PATH = "/api/v1/staff/desk/lookups"
CODE = national_code(0)


@pytest.fixture
async def orders(office):
    """One order of the same person at each of both dealerships."""
    [person] = await office.customers(1)
    now = office.clock()
    async with office.database.transaction() as session:
        places = list(await session.scalars(select(Dealership.id).order_by(Dealership.code)))
        made = [
            Order(
                id=uuid4(),
                request_number=new_number(NumberKind.REQUEST),
                plan_id=uuid4(),
                offering_id=uuid4(),
                customer_id=person,
                dealership_id=place,
                title="نوبت ۱",
                price=10,
                prepayment=1,
                state="awaiting_payment",
                live=True,
                version=1,
                placed_at=now,
                pay_before=now,
                timeline=[],
                fingerprint=b"0" * 32,
                idempotency_key=str(uuid4()),
            )
            for place in places
        ]
        session.add_all(made)
    return person, places, [order.request_number for order in made]


async def look(office, roles, body, *, dealership=None, colleague=None, expected=200):
    token = office.keys.token(colleague or uuid4(), roles, dealership=dealership)
    headers = {"Authorization": f"Bearer {token}"}
    answer = await office.client.post(PATH, json=body, headers=headers)
    assert answer.status_code == expected, answer.text
    return answer.json()


def numbers(found):
    return sorted(item["request_number"] for item in found["items"])


@pytest.mark.parametrize("role", sorted(ANYWHERE))
async def test_who_serves_every_dealership_finds_orders_by_code_number_or_account(office, orders, role):
    person, _, both = orders
    code = {"national_code": to_persian_digits(CODE)}
    assert numbers(await look(office, [role], code)) == sorted(both)
    assert numbers(await look(office, [role], {"customer_id": str(person)})) == sorted(both)
    assert numbers(await look(office, [role], {"number": to_persian_digits(both[1])})) == [both[1]]
    assert numbers(await look(office, [role], {"number": "nothing"})) == []


async def test_a_dealer_sees_what_is_at_their_dealership(office, orders):
    person, (here, _), (mine, theirs) = orders
    assert numbers(await look(office, ["dealer"], {"national_code": CODE}, dealership=here)) == [mine]
    assert numbers(await look(office, ["dealer"], {"number": theirs}, dealership=here)) == []
    body = {"customer_id": str(person)}
    refused = await look(office, ["dealer"], body, dealership=here, expected=403)
    assert refused["code"] == "not_by_customer_id"
    refused = await look(office, ["dealer"], {"number": mine}, expected=403)
    assert refused["code"] == "no_dealership"


async def test_a_look_names_one_thing(office):
    for body in ({}, {"number": "1", "national_code": CODE}, {"national_code": "1234567890"}):
        await look(office, ["operator"], body, expected=422)
    await look(office, ["admin"], {"number": "1"}, expected=403)


async def test_every_look_is_audited_with_its_subject_and_purpose(office, orders):
    person, *_ = orders
    operator = uuid4()
    await look(office, ["operator"], {"national_code": CODE, "purpose": "delivery"}, colleague=operator)
    await look(office, ["operator"], {"number": "1"}, colleague=operator)
    auditor = office.keys.authorization(uuid4(), ["auditor"])
    trail = await office.client.get(f"/api/v1/staff/audit/sales?actor={operator}", headers=auditor)
    entries = trail.json()["items"]
    assert [entry["subject"] for entry in entries] == [None, str(person)]
    assert entries[1]["details"] == {"by": "national_code", "purpose": "delivery", "orders": 2}
    assert CODE not in trail.text


async def test_a_look_that_finds_no_order_is_about_the_person_all_the_same(office):
    [person] = await office.customers(1)
    auditor = {"Authorization": f"Bearer {office.keys.token(uuid4(), ['auditor'])}"}
    await look(office, ["dealer"], {"national_code": CODE}, dealership=uuid4())
    await look(office, ["operator"], {"national_code": CODE})
    await look(office, ["operator"], {"customer_id": str(person)})
    trail = f"/api/v1/staff/audit/sales?subject={person}&action=sales.order.looked_up"
    answer = await office.client.get(trail, headers=auditor)
    assert [entry["details"]["orders"] for entry in answer.json()["items"]] == [0, 0, 0]
    own = {"Authorization": f"Bearer {office.keys.token(person, [])}"}
    seen = (await office.client.get("/api/v1/me/access-log", headers=own)).json()
    assert [(one["roles"], one["purpose"]) for one in seen["items"]] == [
        (["auditor"], None),
        (["operator"], "customer_service"),
        (["operator"], "customer_service"),
        (["dealer"], "customer_service"),
    ]
    stranger = {"Authorization": f"Bearer {office.keys.token(uuid4(), [])}"}
    assert (await office.client.get("/api/v1/me/access-log", headers=stranger)).json()["items"] == []
    assert (await office.client.get("/api/v1/me/access-log")).status_code == 401


async def test_a_colleague_looks_sixty_times_in_ten_minutes(office):
    operator = uuid4()
    for _ in range(60):
        await look(office, ["operator"], {"number": "1"}, colleague=operator)
    refused = await look(office, ["operator"], {"number": "1"}, colleague=operator, expected=429)
    assert refused["code"] == "too_many_lookups"
    await look(office, ["operator"], {"number": "1"})
