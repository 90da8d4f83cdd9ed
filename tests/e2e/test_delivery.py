"""A car reaches its buyer by a file that the staff send in; the buyer watches it happen."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx

from chassis.testing.eventually import eventually
from iran import tehran_date
from nobat.testing.listening import listening
from nobat.testing.visitor import API, Json, Visitor

PublishPlan = Callable[..., Awaitable[Json]]
NewBuyer = Callable[..., Awaitable[Visitor]]
PRICE = 980_000_000


async def settled_order(buyer: Visitor, publish_plan: PublishPlan, dealership_id: str) -> Json:
    """The order of a car that was due yesterday and is paid for with the first bill."""
    now = datetime.now(UTC)
    due = (tehran_date(now) - timedelta(days=1)).isoformat()
    car = {"price": PRICE, "prepayment": PRICE, "delivery_until": due}
    plan = await publish_plan(car=car, opens_at=(now - timedelta(days=3)).isoformat())
    placed = await buyer.order(plan, dealership_id)
    started = await buyer.start_payment((await buyer.bill_of(placed["order_id"]))["id"])
    await buyer.at_the_bank(started["redirect_url"])
    return await buyer.order_in_state(placed["order_id"], "settled")


async def send_in(manager: Visitor, file: str) -> Json:
    """What became of a file of steps, once it is taken in."""
    begun = await manager.post(
        "/staff/deliveries/imports", {"file_name": "cars.csv", "format": "csv"}, key=str(uuid4())
    )
    path = f"/staff/deliveries/imports/{begun['import_id']}"
    sent = await manager.api.put(
        f"{API}{path}/parts/1",
        content=file.encode(),
        headers={"authorization": f"Bearer {manager.token}", "content-type": "application/octet-stream"},
    )
    assert sent.status_code == httpx.codes.NO_CONTENT, sent.text
    await manager.post(f"{path}/start", {"parts": 1}, 200)
    return await eventually(lambda: manager.get(path), lambda seen: seen["state"] == "done")


async def test_a_file_brings_a_car_to_its_buyer_who_watches_it(
    manager: Visitor, buyer: Visitor, publish_plan: PublishPlan, dealership_id: str
) -> None:
    order = await settled_order(buyer, publish_plan, dealership_id)
    number, vin = order["contract_number"], f"NAAA{uuid4().int % 10**13:013d}"
    way = [f"{number},تخصیص,{vin},,", f"{number},صدور فاکتور,,F-{vin},", f"{number},شماره‌گذاری,,,{vin}"]
    way += [f"{number},{step},,," for step in ("sent_to_dealer", "ready", "delivered")]
    bad = [f"{number},ready,,,", f"{number},allocated,WRONG,,"]

    async with listening(buyer, f"/orders/{order['order_id']}") as events:
        await events.until("settled")
        seen = await send_in(
            manager, "\n".join(["contract_number,step,vin,invoice_number,plate", *way, *bad])
        )
        await events.until("delivered")

    assert (seen["rows_good"], seen["rows_bad"]) == (len(way), len(bad))
    errors = await manager.ask("GET", f"/staff/deliveries/imports/{seen['import_id']}/errors.csv")
    listed = [row.split(",")[:3] for row in errors.text.splitlines()[1:]]
    assert listed == [["8", "step", "step_already_taken"], ["9", "vin", "vin_format"]]
    assert (await buyer.get(f"/orders/{order['order_id']}/car"))["vin"] == vin
    delay = await buyer.get(f"/orders/{order['order_id']}/delay-penalty")
    assert (delay["delivered"], delay["total"]) == (True, 0)
    assert vin not in await buyer.text_with("مبارک باشد", number)
    stranger = await manager.ask("GET", f"/orders/{order['order_id']}/events")
    assert stranger.status_code == httpx.codes.NOT_FOUND
