"""Finance hands in what banks say: a bill paid at a counter becomes a contract, a deposit is blocked."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from chassis.testing.eventually import eventually
from iran import tehran_date
from nobat.testing.person import Person
from nobat.testing.system import System
from nobat.testing.visitor import API, Json, Visitor

PublishPlan = Callable[..., Awaitable[Json]]
NewBuyer = Callable[..., Awaitable[Visitor]]


@pytest.fixture(scope="module")
async def finance(system: System, api: httpx.AsyncClient, simulators: httpx.AsyncClient) -> Visitor:
    visitor = Visitor(api, simulators, Person.of_staff("finance", system.staff_password))
    await visitor.log_in()
    return visitor


async def send_in(finance: Visitor, desk: str, rows: list[str], options: Json) -> Json:
    """What became of a file, once it is taken in."""
    about = {"file_name": "bank.csv", "format": "csv", "options": options}
    begun = await finance.post(f"/staff/{desk}/imports", about, key=str(uuid4()))
    path = f"/staff/{desk}/imports/{begun['import_id']}"
    sent = await finance.api.put(
        f"{API}{path}/parts/1",
        content="\n".join(rows).encode(),
        headers={"authorization": f"Bearer {finance.token}", "content-type": "application/octet-stream"},
    )
    assert sent.status_code == httpx.codes.NO_CONTENT, sent.text
    await finance.post(f"{path}/start", {"parts": 1}, 200)
    return await eventually(lambda: finance.get(path), lambda seen: seen["state"] == "done")


async def test_a_bill_paid_at_a_counter_and_a_blocked_deposit_reach_their_order(
    finance: Visitor, manager: Visitor, buyer: Visitor, publish_plan: PublishPlan, dealership_id: str
) -> None:
    plan = await publish_plan()
    placed = await buyer.order(plan, dealership_id)
    bill = await buyer.bill_of(placed["order_id"])
    today, reference = tehran_date(datetime.now(UTC)).isoformat(), str(uuid4())
    paid = [bill["bank_bill_id"], bill["bank_payment_id"], str(bill["amount"]), reference, today]
    statement = ["bill_id,payment_id,amount,reference,on", ",".join(paid)]
    for good in (1, 0):
        seen = await send_in(finance, "deposits", statement, {"bank": "012"})
        assert (seen["rows_good"], seen["rows_bad"]) == (good, 1 - good)
    order = await buyer.order_in_state(placed["order_id"], "contract_active")
    assert order["bills"][0]["state"] == "paid"

    about = {"bank": "012", "plan_id": plan["plan_id"], "least": 1_000}
    listed = ["کد ملی,مبلغ مسدودی,تاریخ مسدودی", f"{buyer.person.national_code},5000,{today}"]
    await send_in(finance, "blocked-deposits", listed, about)
    [blocked] = (await buyer.get(f"/blocked-deposits?plan_id={plan['plan_id']}"))["items"]
    assert (blocked["amount"], blocked["live"]) == (5_000, True)
    path = f"/staff/plans/{plan['plan_id']}/deposits"
    await eventually(lambda: manager.get(path), lambda counted: counted == {"orders": 1, "blocked": 1})


async def test_who_has_no_deposit_blocked_loses_the_place_in_the_draw_and_is_told_why(
    finance: Visitor, manager: Visitor, new_buyer: NewBuyer, publish_plan: PublishPlan, dealership_id: str
) -> None:
    plan = await publish_plan(method="draw", terms={"deposit": 5_000})
    with_deposit, without = [await new_buyer() for _ in range(2)]
    kept, lost = [(await one.order(plan, dealership_id))["order_id"] for one in (with_deposit, without)]
    today = tehran_date(datetime.now(UTC)).isoformat()
    listed = ["کد ملی,مبلغ مسدودی,تاریخ مسدودی", f"{with_deposit.person.national_code},5000,{today}"]
    about = {"bank": "012", "plan_id": plan["plan_id"], "least": 5_000}
    await send_in(finance, "blocked-deposits", listed, about)
    path = f"/staff/plans/{plan['plan_id']}"
    await eventually(
        lambda: manager.get(f"{path}/deposits"), lambda counted: counted == {"orders": 2, "blocked": 1}
    )

    await manager.post(f"{path}/recheck", key=str(uuid4()))

    voided = await without.order_in_state(lost, "voided")
    assert "ودیعه" in voided["timeline"][-1]["note"]
    assert "ودیعه" in await without.text_with("باطل شد", voided["request_number"])
    assert (await with_deposit.get(f"/orders/{kept}"))["state"] == "registered"
