"""Who gets the car late is owed for each day, sees it grow, and is paid once, without asking."""

from datetime import timedelta
from uuid import uuid4

WAY = ["allocated", "invoiced", "plated", "sent_to_dealer", "ready", "delivered"]
RATES = "/api/v1/staff/penalty-rates"


async def test_the_penalty_grows_by_the_day_and_is_credited_once_at_the_delivery(yard):
    [one] = await yard.settled(**yard.late_since(yard.today - timedelta(days=3)))
    shown = (await yard.see(one, "/delay-penalty")).json()
    # 1,000,000,000 x 2.5 % x 3/30
    assert (shown["days"], shown["total"], shown["credit"]) == (3, 2_500_000, None)
    yard.office.clock.advance(days=1)
    for step in WAY:
        taken = await yard.step(one, step)
        assert taken.status_code == 201, taken.text
    # 1,000,000,000 x 2.5 % x 4/30
    [asked] = await yard.office.published("sales.refund_requested.v1")
    assert (asked["amount"], asked["profit"], asked["reason"]) == (3_333_333, 3_333_333, "delay_penalty")
    [told] = await yard.office.published("sales.delay_penalty_credited.v1")
    assert (told["refund_id"], told["amount"]) == (asked["refund_id"], 3_333_333)
    yard.office.clock.advance(days=30)
    settled = (await yard.see(one, "/delay-penalty")).json()
    assert (settled["days"], settled["total"], settled["delivered"]) == (4, 3_333_333, True)
    assert settled["credit"]["refund_id"] == asked["refund_id"]
    assert settled["lines"][0]["arithmetic"].endswith("= ۳٬۳۳۳٬۳۳۳ ریال")
    order = (await yard.see(one)).json()
    assert order["timeline"][-1]["state"] == "delay_penalty_credited"


async def test_nobody_is_owed_anything_for_a_car_that_came_in_time(yard):
    [one] = await yard.settled(**yard.late_since(yard.today))
    for step in WAY:
        await yard.step(one, step)
    assert await yard.office.published("sales.refund_requested.v1") == []
    shown = (await yard.see(one, "/delay-penalty")).json()
    assert (shown["total"], shown["lines"], shown["delivered"]) == (0, [], True)


async def test_a_late_delivery_in_a_file_is_credited_too(yard):
    [one] = await yard.settled(**yard.late_since(yard.today - timedelta(days=30)))
    for step in WAY[:-1]:
        await yard.step(one, step)
    seen, _ = await yard.taken_in(f"contract_number,step\n{one.number},delivered\n".encode())
    assert seen["rows_good"] == 1
    [asked] = await yard.office.published("sales.refund_requested.v1")
    assert asked["amount"] == 25_000_000


async def test_finance_puts_a_new_rate_in_force_and_the_old_version_stays_to_be_seen(yard):
    client = yard.office.client
    finance = yard.office.keys.authorization(uuid4(), ["finance"])
    rate = {"kind": "custom_limited", "valid_from": "2026-01-01", "monthly": 350, "source": "آزمون"}
    for version in (1, 2):
        added = await client.post(RATES, json=rate | {"monthly": 300 + version}, headers=finance)
        assert (added.status_code, added.json()["version"]) == (201, version), added.text
    items = (await client.get(RATES, headers=finance)).json()["items"]
    same = [item["monthly"] for item in items if item["valid_from"] == "2026-01-01"]
    assert same == [302, 301]
    assert (await client.post(RATES, json=rate, headers=yard.office.manager)).status_code == 403
    wrong = await client.post(RATES, json=rate | {"monthly": -1}, headers=finance)
    assert wrong.json()["code"] == "invalid_fields"
