"""Following an order by any of its numbers, and not guessing one."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from uuid_utils.compat import uuid7

from events.identity import NATIONAL_CODE
from iran import to_persian_digits
from iran.samples import national_code
from sales.contracts.tables import Contract
from sales.invitations.tables import Invitation
from sales.orders.numbers import NumberKind, new_number
from sales.orders.tables import Order

ADDRESS = "X-Client-Address"


@pytest.fixture
async def order(office):
    """An order with a contract and an invitation, of a person with their own national code."""
    code, now = national_code(int(uuid7()) % 900_000), office.clock()
    index = office.index.of(code, NATIONAL_CODE)
    [customer] = await office.customers(1, national_code_index=index)
    placed = Order(
        id=uuid7(),
        request_number=new_number(NumberKind.REQUEST),
        plan_id=uuid4(),
        offering_id=uuid4(),
        customer_id=customer,
        dealership_id=office.dealership_id,
        title="نوبت ۱",
        price=10,
        prepayment=1,
        state="contract_active",
        live=True,
        version=1,
        placed_at=now,
        pay_before=now,
        timeline=[{"state": "contract_active", "at": now.isoformat()}],
        fingerprint=b"0" * 32,
    )
    contract = Contract(
        id=uuid7(),
        number=new_number(NumberKind.CONTRACT),
        order_id=placed.id,
        customer_id=customer,
        payment_id=uuid4(),
        terms={},
        activated_at=now,
    )
    invitation = Invitation(
        id=uuid7(),
        number=new_number(NumberKind.INVITATION),
        order_id=placed.id,
        plan_id=placed.plan_id,
        purpose="principal",
        amount=9,
        bill_id=uuid4(),
        state="issued",
        working_days=5,
        issued_at=now,
        due_at=now + timedelta(days=9),
    )
    numbers = [placed.request_number, contract.number, invitation.number]
    async with office.database.transaction() as session:
        session.add_all([placed, contract, invitation])
    return numbers, code


async def ask(office, number, code, address="192.0.2.1"):
    body = {"number": number, "national_code": code}
    return await office.client.post("/api/v1/tracking", json=body, headers={ADDRESS: address})


async def test_an_order_is_followed_by_any_of_its_numbers_in_any_digits(office, order):
    numbers, code = order
    answers = [
        await ask(office, spelt(number), code) for number in numbers for spelt in (str, to_persian_digits)
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    found = answers[0].json()
    assert [found[f"{kind}_number"] for kind in ("request", "contract", "invitation")] == numbers
    assert code not in answers[0].text


async def test_every_miss_has_the_same_answer(office, order):
    (request, contract, _), code = order
    other = national_code(1)
    nobodys = [new_number(kind) for kind in NumberKind]
    tried = [(request, other), (contract, other), *((number, code) for number in [*nobodys, "abc"])]
    answers = [await ask(office, *pair, address=f"192.0.2.{n}") for n, pair in enumerate(tried, 2)]
    for answer in answers:
        body = answer.json()
        body.pop("trace_id")
        assert (answer.status_code, body["code"]) == (404, "not_found")
        assert set(body) == {"type", "title", "status", "code", "detail"}


async def test_guesses_at_a_number_are_limited_from_wherever_they_come(office, order):
    (request, *_), code = order
    wrong = national_code(1)
    for n in range(10):
        assert (await ask(office, request, wrong, address=f"198.51.100.{n}")).status_code == 404
    blocked = await ask(office, request, code, address="198.51.100.99")
    assert (blocked.status_code, blocked.json()["code"]) == (429, "too_many_requests")
    assert int(blocked.headers["retry-after"]) > 0
    office.clock.advance(hours=1)
    assert (await ask(office, request, code)).status_code == 200


async def test_misses_of_an_address_are_limited_and_hits_are_not(office, order):
    (request, *_), code = order
    for _ in range(30):
        assert (await ask(office, request, code, address="203.0.113.7")).status_code == 200
    for _ in range(100):
        await ask(office, "not a number", code, address="203.0.113.7")
    assert (await ask(office, request, code, address="203.0.113.7")).status_code == 429
    assert (await ask(office, request, code, address="203.0.113.8")).status_code == 200
    async with office.database.transaction() as session:
        names = list(await session.scalars(text("SELECT name FROM quota_uses")))
    assert not any("203.0.113" in name for name in names)
