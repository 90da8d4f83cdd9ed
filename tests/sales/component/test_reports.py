"""What staff counts and takes away."""

import csv
import io
from uuid import uuid4

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from sales.dealerships.tables import Dealership
from sales.orders.numbers import NumberKind, new_number
from sales.orders.tables import Order
from sales.reports import queries

PATH = "/api/v1/staff/reports"


@pytest.fixture
async def plan(office):
    """A plan with three orders: two at one dealership, one of these lapsed."""
    made = await office.open_plan()
    offering = made["offerings"][0]
    now = office.clock()
    async with office.database.transaction() as session:
        first, second = await session.scalars(select(Dealership.id).order_by(Dealership.code))
        session.add_all(
            Order(
                id=uuid7(),
                request_number=new_number(NumberKind.REQUEST),
                plan_id=made["plan_id"],
                offering_id=offering["offering_id"],
                customer_id=uuid4(),
                dealership_id=place,
                title="=HYPERLINK(1)",
                price=100,
                prepayment=10,
                state=state,
                live=state != "lapsed",
                version=1,
                placed_at=now,
                pay_before=now,
                timeline=[],
                fingerprint=b"0" * 32,
            )
            for place, state in ((first, "paid"), (first, "lapsed"), (second, "paid"))
        )
    return made


async def ask(office, path, roles=("finance",), expected=200):
    headers = office.keys.authorization(uuid4(), roles)
    answer = await office.client.get(f"{PATH}/{path}", headers=headers)
    assert answer.status_code == expected, answer.text
    return answer


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_orders_are_counted_by_whatever_is_asked(office, plan):
    circular = plan["circular"]
    counted = (await ask(office, "orders")).json()
    assert counted["columns"] == ["plan", "state", "orders", "price"]
    assert counted["items"] == [
        {"plan": circular, "state": "lapsed", "orders": 1, "price": 100},
        {"plan": circular, "state": "paid", "orders": 2, "price": 200},
    ]
    by_place = (await ask(office, "orders?by=dealership&by=day&by=class")).json()["items"]
    assert [(item["dealership"], item["orders"]) for item in by_place] == [("1001", 2), ("2001", 1)]
    none = (await ask(office, f"orders?plan_id={uuid4()}")).json()["items"]
    assert none == []
    await ask(office, "orders?by=customer", expected=422)


async def test_a_report_is_a_file_as_well(office, plan):
    answer = await ask(office, "orders?by=car&format=csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="orders.csv"'
    assert rows_of(answer) == [["car", "orders", "price"], ["'=HYPERLINK(1)", "3", "300"]]
    assert (await ask(office, "capacity?format=xlsx")).content.startswith(b"PK")


async def test_capacity_is_shown_with_what_is_sold_of_it(office, plan):
    items = (await ask(office, f"capacity?plan_id={plan['plan_id']}")).json()["items"]
    whole = items[0]
    assert (whole["level"], whole["capacity"], whole["free"]) == ("offering", 10, 10 - whole["sold"])


async def test_capacity_names_a_dealership_by_its_code(office):
    [car] = office.plan_body()["offerings"]
    car |= {"class_quotas": {"ordinary": 10}, "dealership_quotas": {str(office.dealership_id): 10}}
    divided = await office.open_plan(offerings=[car])
    items = (await ask(office, f"capacity?plan_id={divided['plan_id']}")).json()["items"]
    async with office.database.transaction() as session:
        code = await session.scalar(select(Dealership.code).where(Dealership.id == office.dealership_id))
    shares = [(item["level"], item["key"], item["capacity"], item["free"]) for item in items]
    assert shares == [("offering", "", 10, 10), ("class", "ordinary", 10, 10), ("dealership", code, 10, 10)]


async def test_complaints_are_counted_by_section(office):
    form = {"section": "dealership", "topic": "price", "subject": "قیمت", "text": "گران‌تر گرفت"}
    before = (await ask(office, "complaints", ["care"])).json()["items"]
    await office.client.post("/api/v1/complaints", json=form, headers=office.buyer(uuid4()))
    office.clock.advance(days=40)
    after = (await ask(office, "complaints", ["care"])).json()["items"]

    def overdue(items):
        return sum(item["overdue"] for item in items if item["section"] == "dealership")

    assert overdue(after) >= overdue(before) + 1


async def test_every_order_is_taken_away_in_batches_and_it_is_noted(office, plan, monkeypatch):
    monkeypatch.setattr(queries, "BATCH", 2)
    finance = uuid4()
    headers = office.keys.authorization(finance, ["finance"])
    path = f"{PATH}/orders/export?plan_id={plan['plan_id']}"
    rows = rows_of(await office.client.get(path, headers=headers))
    assert rows[0] == list(queries.ORDER_TITLES)
    assert [row[7] for row in rows[1:]] == ["paid", "lapsed", "paid"]
    assert all(row[3] == "'=HYPERLINK(1)" for row in rows[1:])
    auditor = office.keys.authorization(uuid4(), ["auditor"])
    trail = await office.client.get(f"/api/v1/staff/audit/sales?actor={finance}", headers=auditor)
    [entry] = trail.json()["items"]
    assert entry["action"] == "sales.report.exported"
    assert entry["details"] == {"report": "all_orders", "format": "csv", "plan_id": plan["plan_id"]}
    await ask(office, "orders/export", ["care"], 403)
    await ask(office, "orders", ["dealer"], 403)
