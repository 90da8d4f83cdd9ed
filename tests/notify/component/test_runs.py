"""Telling many from a file: started by two, paused, resumed, cancelled, once to each."""

import io
from datetime import UTC, datetime
from uuid import UUID, uuid4

from iran import samples
from notify.messages.domain import Lane
from notify.runs import releasing

PATH, RULES = "/staff/message-runs", "/staff/message-run-rules"
NOON = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
AWAKE = {"quiet_from": "22:00:00", "quiet_until": "08:00:00", "four_eyes_above": 1000}


def people(*numbers, heading="mobile,first_name,number"):
    return "\n".join([heading, *(f"{samples.mobile(n)},نازنین,140400000{n:03}" for n in numbers)])


async def test_everybody_in_a_file_is_told_once(office, simulator):
    run_id = await office.begin(people(1, 2, 3))
    seen = await office.see(run_id)
    assert (seen["state"], seen["figures"]["waiting"]) == ("ready", 3)
    assert (await office.do(run_id, "start")).json()["state"] == "running"
    await office.work()
    seen = await office.see(run_id)
    assert (seen["state"], seen["figures"]["recipients"], seen["figures"]["sent"]) == ("done", 3, 3)
    taken = await simulator.taken(*(samples.mobile(n) for n in (1, 2, 3)))
    told = [row for row in taken if "140400000" in row["text"]]
    assert sorted(row["mobile"] for row in told) == sorted(samples.mobile(n) for n in (1, 2, 3))
    assert {row["repeats"] for row in told} == {0}


async def test_rows_that_cannot_be_told_are_listed_with_the_reason(office):
    content = people(11, 11) + "\n12,نازنین,17\n" + f"{samples.mobile(13)},نازنین,"
    run_id = await office.begin(content)
    seen = await office.see(run_id)
    assert (seen["figures"]["waiting"], seen["file"]["rows_good"], seen["file"]["rows_bad"]) == (1, 1, 3)
    errors = (await office.staff("care", "GET", f"{PATH}/{run_id}/file/errors.csv")).text.splitlines()[1:]
    assert [line.split(",")[:3] for line in errors] == [
        ["3", "mobile", "repeated"],
        ["4", "mobile", "mobile_format"],
        ["5", "number", "missing"],
    ]


async def test_a_workbook_does_as_well(office):
    from openpyxl import Workbook  # noqa: PLC0415 - large, and one test needs it

    book = Workbook()
    assert book.active is not None
    for row in (["شماره همراه", "نام", "شماره"], [str(samples.mobile(21)), "نازنین", "17"]):
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    run_id = await office.begin(written.getvalue(), file_format="xlsx")
    assert (await office.see(run_id))["figures"]["waiting"] == 1


async def test_a_large_run_is_started_by_another_and_both_are_in_the_trail(office):
    await office.staff("manager", "PUT", RULES, json={**AWAKE, "four_eyes_above": 2})
    run_id = await office.begin(people(1, 2, 3))
    refused = await office.do(run_id, "start")
    assert (refused.status_code, refused.json()["code"]) == (403, "same_person")
    assert (await office.see(run_id))["state"] == "ready"
    assert (await office.do(run_id, "start", by="care")).status_code == 200
    trail = (await office.staff("auditor", "GET", "/staff/audit/notify")).json()["items"]
    mine = [entry for entry in trail if entry["details"].get("run_id") == run_id]
    assert [entry["action"] for entry in mine] == ["notify.message_run.started", "notify.message_run.begun"]
    assert mine[0]["actor"] != mine[1]["actor"]
    assert mine[0]["details"]["recipients"] == 3


async def test_a_paused_run_holds_back_what_nobody_has_in_hand_and_goes_on(office):
    run_id = await office.begin(people(*range(31, 36)))
    await office.do(run_id, "start")
    await office.releaser.run()
    assert (await office.see(run_id))["figures"]["under_way"] == 5
    paused = (await office.do(run_id, "pause")).json()
    assert (paused["state"], paused["figures"]["waiting"], paused["figures"]["under_way"]) == ("paused", 5, 0)
    await office.work()
    assert (await office.see(run_id))["figures"]["sent"] == 0
    await office.do(run_id, "resume")
    await office.work()
    assert (await office.see(run_id))["figures"]["sent"] == 5


async def test_a_cancelled_run_tells_nobody_more(office, monkeypatch):
    monkeypatch.setattr(releasing, "BACKLOG", 2)
    run_id = await office.begin(people(*range(41, 46)))
    await office.do(run_id, "start")
    await office.releaser.run()
    bulk = office.notify.senders[Lane.BULK]
    assert await bulk.begin() == 2
    await bulk.finish()
    cancelled = (await office.do(run_id, "cancellation")).json()
    assert (cancelled["state"], cancelled["figures"]["sent"], cancelled["figures"]["cancelled"]) == (
        "cancelled",
        2,
        3,
    )
    await office.work()
    assert (await office.see(run_id))["figures"]["sent"] == 2
    assert (await office.do(run_id, "resume")).json()["code"] == "illegal_run_move"


async def test_nobody_is_disturbed_in_quiet_hours(office):
    office.notify.clock.set(MIDNIGHT)
    run_id = await office.begin(people(51))
    await office.do(run_id, "start")
    await office.work()
    seen = await office.see(run_id)
    assert (seen["waits_for"], seen["figures"]["waiting"]) == ("quiet_hours", 1)
    office.notify.clock.advance(hours=10)
    await office.work()
    assert (await office.see(run_id))["state"] == "done"


async def test_a_run_waits_for_tomorrow_when_the_days_money_is_spent(office):
    lane = next(
        row
        for row in (await office.staff("manager", "GET", "/staff/message-lanes")).json()["items"]
        if row["lane"] == "bulk"
    )
    limits = {
        name: lane[name]
        for name in ("in_flight", "per_second", "rial_per_part", "daily_rial", "warn_percent")
    }
    try:
        await office.staff(
            "manager",
            "PUT",
            "/staff/message-lanes/bulk",
            json={**limits, "rial_per_part": 1_000, "daily_rial": 4_000},
        )
        run_id = await office.begin(people(*range(61, 66)))
        await office.do(run_id, "start")
        await office.work()
        seen = await office.see(run_id)
        assert 2 <= seen["figures"]["sent"] < 5
        office.notify.clock.advance(days=1)
        await office.work()
        assert (await office.see(run_id))["figures"]["sent"] > seen["figures"]["sent"]
    finally:
        await office.staff("manager", "PUT", "/staff/message-lanes/bulk", json=limits)


async def test_who_opted_out_is_in_no_run_whenever_they_say_so(office, person):
    mobiles = [samples.mobile(n) for n in (71, 72, 73)]
    customers = [type(person)(uuid4(), mobile) for mobile in mobiles]
    for customer in customers:
        await office.notify.handle(customer.registered())
    await opt_out(office, customers[0])
    run_id = await office.begin(people(71, 72, 73, 74))
    seen = await office.see(run_id)
    assert (seen["figures"]["waiting"], seen["file"]["rows_bad"]) == (3, 1)
    await opt_out(office, customers[1])
    assert (await office.see(run_id))["figures"]["cancelled"] == 1
    await office.do(run_id, "start")
    await office.releaser.run()
    await opt_out(office, customers[2])
    await office.work()
    figures = (await office.see(run_id))["figures"]
    assert (figures["sent"], figures["cancelled"]) == (1, 2)


async def opt_out(office, customer):
    headers = office.notify.keys.authorization(customer.customer_id)
    answer = await office.api.put("/messages/preferences", json={"bulk": False}, headers=headers)
    assert answer.status_code == 200


async def test_a_run_without_anybody_does_not_start_and_one_not_there_is_not_found(office):
    run_id = await office.begin("mobile,first_name,number\n1,2,3")
    assert (await office.do(run_id, "start")).json()["code"] == "run_empty"
    assert (await office.do(UUID(int=0), "start")).status_code == 404
    assert (await office.do(run_id, "start", by="auditor")).status_code == 403


async def test_a_worker_that_dies_in_a_run_tells_nobody_twice(office, simulator, monkeypatch):
    """Another one goes on from the database: what was being sent is repeated under the same id."""
    run_id = await office.begin(people(*range(91, 96)))
    await office.do(run_id, "start")
    await office.releaser.run()
    bulk = office.notify.senders[Lane.BULK]

    async def die(*_):
        raise ConnectionResetError

    with monkeypatch.context() as dying:
        dying.setattr("notify.messages.dispatch.settle", die)
        assert await bulk.begin() == 5
        await bulk.finish()
    office.notify.clock.advance(minutes=2)
    await office.work()
    assert (await office.see(run_id))["figures"]["sent"] == 5
    mobiles = [samples.mobile(n) for n in range(91, 96)]
    taken = [row for row in await simulator.taken(*mobiles) if "140400000" in row["text"]]
    assert len(taken) == 5
    assert [row["repeats"] for row in taken] == [0] * 5
