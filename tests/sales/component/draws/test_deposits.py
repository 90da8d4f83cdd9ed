"""Who lacks the deposit that a plan asks for has no part in its draw, and hears why."""

from datetime import date
from uuid import uuid4

import pytest

from events.payment import BlockedDepositState, DepositsBlocked
from iran.samples import national_code
from sales.deposits.consumers import note_blocked

ASKED = 5_000_000_000
REASON = "ودیعه‌ی این طرح در حساب بانکی شما مسدود نشده است."


@pytest.fixture
async def waiting(desk):
    """A closed plan whose three entrants must have a deposit blocked."""
    await desk.open(terms={"deposit": ASKED})
    await desk.enter(3)
    desk.close()
    await desk.rechecked()
    return desk


async def hear(desk, *told, version=1):
    """A bank tells of each entrant: how much is blocked, and whether it still is."""
    states = [
        BlockedDepositState(
            customer_id=person, amount=amount, blocked_on=date(2026, 11, 1), live=live, version=version
        )
        for person, (amount, live) in zip(desk.entrants, told, strict=True)
    ]
    event = DepositsBlocked(version=1, list_id=uuid4(), plan_id=desk.plan_id, bank="012", deposits=states)
    async with desk.office.database.transaction() as session:
        await note_blocked(session, event)


async def recheck(desk):
    path = f"/api/v1/staff/plans/{desk.plan_id}/recheck"
    headers = desk.office.manager
    assert (await desk.office.client.post(path, headers=headers)).status_code == 201
    await desk.rechecked()
    seen = (await desk.office.client.get(path, headers=headers)).json()
    return {name: seen[name] for name in ("checked", "unknown", "voided")}


async def test_before_any_bank_has_told_nobody_is_dropped_and_nothing_is_frozen(waiting):
    refused = await waiting.staff("POST", "/freeze", waiting.recipe())
    assert (refused.status_code, refused.json()["code"]) == (409, "deposits_missing")
    assert refused.json()["missing"] == 3
    assert await recheck(waiting) == {"checked": 3, "unknown": 3, "voided": 0}


async def test_entrants_without_the_deposit_are_dropped_before_the_freeze_and_see_why(waiting):
    await hear(waiting, (ASKED, True), (ASKED - 1, True), (ASKED, False))
    refused = await waiting.staff("POST", "/freeze", waiting.recipe())
    assert (refused.json()["code"], refused.json()["missing"]) == ("deposits_missing", 2)

    assert await recheck(waiting) == {"checked": 3, "unknown": 0, "voided": 2}

    await waiting.freeze()
    assert (await waiting.public()).json()["entries"] == 1
    told = await waiting.office.published("sales.order_voided.v1")
    assert {event["order_id"] for event in told} == set(waiting.orders[1:])
    assert {event["rule"] for event in told} == {"blocked_deposit"}
    headers = waiting.office.buyer(waiting.entrants[1])
    path = f"/api/v1/orders/{waiting.orders[1]}"
    lost = (await waiting.office.client.get(path, headers=headers)).json()
    assert lost["state"] == "voided"
    assert lost["timeline"][-1]["note"].endswith(REASON)
    tracked = await waiting.office.client.post(
        "/api/v1/tracking", json={"number": lost["request_number"], "national_code": national_code(1)}
    )
    assert tracked.json()["state"] == "voided"
    assert REASON not in tracked.text


async def test_banks_may_let_go_of_the_deposits_once_the_list_is_frozen(waiting):
    await hear(waiting, *[(ASKED, True)] * 3)
    await waiting.freeze()
    await hear(waiting, *[(ASKED, False)] * 3, version=2)
    assert await recheck(waiting) == {"checked": 3, "unknown": 0, "voided": 0}
