"""Limits, rates and money of the lanes."""

from datetime import timedelta

import pytest

from events.sales import OrderLapsed
from notify.messages.domain import Lane

PATH = "/staff/message-lanes"
RULES = {"in_flight": 3, "per_second": None, "rial_per_part": 1_000, "daily_rial": 2_500, "warn_percent": 80}


@pytest.fixture
async def set_lane(staff):
    """Sets a lane's limits, until the test ends."""
    before = {row["lane"]: row for row in (await staff("manager", "GET", PATH)).json()["items"]}

    async def change(lane, **rules):
        return await staff("manager", "PUT", f"{PATH}/{lane}", json={**RULES, **rules})

    yield change
    for lane, row in before.items():
        await change(lane, **{name: row[name] for name in RULES})


@pytest.fixture
async def fresh(notify):
    """Senders that have not looked at their limits yet."""
    for sender in notify.senders.values():
        sender._known = None
    return notify


async def test_every_lane_has_a_sender_of_its_own(notify):
    assert set(notify.senders) == set(Lane)


async def test_limits_are_changed_by_staff_without_a_restart(fresh, set_lane, person):
    assert (await set_lane("code")).status_code == 200
    for n in range(5):
        await fresh.handle(person.code_issued(f"{n:06}", fresh.clock() + timedelta(minutes=2)))
    codes = fresh.senders[Lane.CODE]
    assert await codes.begin() == RULES["in_flight"]
    await codes.finish()
    assert await codes.begin() == 2
    await codes.finish()


async def test_what_is_accepted_is_counted_in_sms_and_in_rial_and_warned_of(fresh, set_lane, person, staff):
    await set_lane("transactional", in_flight=16)
    await fresh.handle(person.registered())
    lapsed = OrderLapsed(
        version=1, customer_id=person.customer_id, order_id=person.customer_id, request_number="1"
    )
    await fresh.handle(lapsed)
    await fresh.send()
    parts = [row["parts"] for row in await fresh.rows("parts")]
    assert parts == [1, 2]
    lane = (await staff("finance", "GET", PATH)).json()["items"][1]
    assert (lane["lane"], lane["spent_today"], lane["warning"]) == ("transactional", 3_000, True)


async def test_codes_are_sent_though_the_days_money_is_spent(fresh, set_lane, person, simulator):
    await set_lane("code", daily_rial=0)
    await fresh.handle(person.code_issued("482913", fresh.clock() + timedelta(minutes=2)))
    await fresh.send()
    assert len(await simulator.inbox(person.mobile)) == 1


@pytest.mark.parametrize(
    "wrong", [{"in_flight": 0}, {"per_second": 0}, {"daily_rial": -1}, {"warn_percent": 101}]
)
async def test_limits_that_make_no_sense_are_refused(set_lane, wrong):
    answer = await set_lane("bulk", **wrong)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == list(wrong)


async def test_finance_reads_limits_and_does_not_set_them(staff):
    assert (await staff("finance", "PUT", f"{PATH}/bulk", json=RULES)).status_code == 403
    assert (await staff("care", "GET", PATH)).status_code == 403
