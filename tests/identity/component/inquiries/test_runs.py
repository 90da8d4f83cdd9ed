"""A list of customers asked about anew: progress, pause, memory, and a worker that dies on the way."""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from uuid import uuid4

from chassis.testing.eventually import eventually
from identity.app import build
from identity.inquiries.domain import Kind
from identity.inquiry_runs import service as runs
from identity.testing import Json
from simulators.inquiries.faults import InquiryFault
from simulators.inquiries.register import Entry

FIGURES = ("asked", "from_memory", "matched", "not_matched", "invalid", "waiting")


def figures(seen) -> tuple[int, ...]:
    return tuple(seen[name] for name in FIGURES)


async def test_everybody_is_asked_about_and_the_figures_add_up(office, staff, simulators):
    people = await office.people(40)
    codes = [typed["national_code"] for typed in people.values()]
    for code in codes[:7]:
        simulators.desk.register.people[code] = Entry(oddities={"other_mobile"})
    wrong = InquiryFault.model_validate({"kind": "refuse", "error": "FN-MGFH-40000030057"})
    simulators.desk.faults.of(codes[8]).arm([wrong])

    run_id = await staff.start(kinds=["mobile_owner"])
    assert (await staff.watch(run_id))["state"] == "running"
    await office.work()

    seen = await staff.watch(run_id)
    assert figures(seen) == (40, 0, 32, 7, 1, 0)
    assert (seen["state"], seen["listed"], seen["everybody"], seen["kinds"]) == (
        "done",
        True,
        True,
        ["mobile_owner"],
    )
    assert seen["ended_at"] is not None


async def test_what_is_remembered_costs_no_call(office, staff, simulators):
    await office.people(30, ask=True)
    await office.work()
    asked = sum(simulators.desk.requests.values())
    run_id = await staff.start()
    await office.work()
    assert figures(await staff.watch(run_id)) == (90, 90, 90, 0, 0, 0)
    assert sum(simulators.desk.requests.values()) == asked


async def test_only_the_listed_are_asked_about_and_strangers_are_passed_over(office, staff):
    people = list(await office.people(10))
    run_id = await staff.start(customer_ids=[str(uuid4()), *map(str, people[:4]), str(people[0])])
    await office.work()
    seen = await staff.watch(run_id)
    assert (seen["everybody"], seen["asked"]) == (False, 12)
    assert len(await office.rows("SELECT 1 FROM inquiries")) == 12


async def test_a_list_longer_than_one_transaction_is_put_in_bit_by_bit(office, staff, monkeypatch):
    monkeypatch.setattr(runs, "CHUNK", 7)
    await office.people(30)
    run_id = await staff.start(kinds=["iban_owner"])
    await office.work()
    assert figures(await staff.watch(run_id)) == (30, 0, 30, 0, 0, 0)


async def test_a_list_of_a_hundred_thousand_is_taken_and_put_in_bit_by_bit(office, staff, monkeypatch):
    monkeypatch.setattr(runs, "CHUNK", 20_000)
    people = [str(known) for known in await office.people(5)]
    strangers = [str(uuid4()) for _ in range(100_000 - len(people))]
    run_id = await staff.start(kinds=["iban_owner"], customer_ids=strangers + people)
    await office.work()
    seen = await staff.watch(run_id)
    assert (seen["state"], seen["everybody"], figures(seen)) == ("done", False, (5, 0, 5, 0, 0, 0))
    more = await staff.call("POST", "", {"customer_ids": [*strangers, *people, str(uuid4())]})
    assert more.status_code == 422


async def test_the_runs_are_listed_newest_first_with_their_figures(office, staff):
    people = [str(known) for known in await office.people(3)]
    first = await staff.start(kinds=["iban_owner"], customer_ids=people[:1])
    await office.work()
    second = await staff.start(kinds=["iban_owner"])
    listed = (await staff.call("GET", "")).json()
    assert listed == {"items": [await staff.watch(second), await staff.watch(first)], "next_cursor": None}
    assert [run["everybody"] for run in listed["items"]] == [True, False]
    assert (await staff.call("GET", f"?cursor={second}")).json()["items"] == listed["items"][1:]


async def test_a_paused_run_rests_and_goes_on_where_it_was(office, staff, simulators):
    await office.people(50)
    run_id = await staff.start(kinds=["mobile_owner"])
    jobs = {job.name: job for job in office.service.jobs}
    await jobs["identity.inquiry_runs"].run()
    await office.asker.run()
    paused = await staff.call("POST", f"/{run_id}/pause")
    assert (paused.status_code, paused.json()["state"]) == (200, "paused")
    await office.asker.finish()
    asked = simulators.desk.requests["finnotech"]
    assert 0 < asked < 50

    await office.work()
    assert simulators.desk.requests["finnotech"] == asked
    assert figures(await staff.watch(run_id))[-1] == 50 - asked

    assert (await staff.call("POST", f"/{run_id}/resume")).status_code == 200
    await office.work()
    assert figures(await staff.watch(run_id)) == (50, 0, 50, 0, 0, 0)
    assert simulators.desk.requests["finnotech"] == 50


async def test_who_changes_their_data_is_asked_about_while_a_run_rests(office, staff):
    customer_id, *_ = await office.people(20)
    run_id = await staff.start()
    jobs = {job.name: job for job in office.service.jobs}
    await jobs["identity.inquiry_runs"].run()
    await staff.call("POST", f"/{run_id}/pause")
    await office.ask(customer_id, Kind.IBAN_OWNER)
    await office.work()
    assert await office.results() == {"match": 1, None: 59}


async def test_who_is_asked_about_for_the_first_time_while_everybody_is_put_in_is_there_once(office, staff):
    people = list(await office.people(40))
    await staff.start()
    jobs = {job.name: job for job in office.service.jobs}
    changes = (office.ask(customer_id, *Kind) for customer_id in people)
    await asyncio.gather(jobs["identity.inquiry_runs"].run(), *changes)
    await office.work()
    assert await office.results() == {"match": 120}


async def test_a_run_leaves_hands_free_for_those_who_wait(office, staff, settings, clock):
    slowly = settings.model_copy(update={"inquiry_run_rate": 2.0})
    customer_id, *_ = await office.people(20)
    await staff.start(kinds=["mobile_owner"])
    jobs = {job.name: job for job in office.service.jobs}
    await jobs["identity.inquiry_runs"].run()
    async with build(slowly, clock=clock).opened() as service:
        slow = replace(office, service=service)
        await slow.asker.run()
        await slow.asker.run()
        assert len(slow.asker._in_hand) <= 2
        await office.ask(customer_id, Kind.IBAN_OWNER)
        await slow.asker.run()

        async def answered():
            return await office.rows("SELECT 1 FROM inquiries WHERE kind = 'iban_owner' AND result = 'match'")

        await eventually(answered)
    assert (await office.results())[None] > 0


async def test_a_run_waits_for_providers_that_are_down_and_keeps_what_is_known(
    office, staff, simulators, clock
):
    await office.people(3, ask=True)
    await office.work()
    clock.advance(days=31)
    down = InquiryFault.model_validate({"kind": "unavailable", "times": None})
    for provider in ("finnotech", "jibit", "zohal"):
        simulators.desk.faults.of(provider).arm([down])
    run_id = await staff.start()
    await office.work()
    seen = await staff.watch(run_id)
    assert (seen["state"], seen["waiting"]) == ("running", 9)
    assert await office.results() == {"match": 9}

    simulators.desk.faults.clear()
    clock.advance(seconds=60)
    await office.work()
    seen = await staff.watch(run_id)
    assert (seen["state"], *figures(seen)) == ("done", 9, 0, 9, 0, 0, 0)


async def test_one_run_at_a_time_and_a_cancelled_one_makes_room(office, staff):
    await office.people(5, ask=True)
    await office.work()
    run_id = await staff.start()
    jobs = {job.name: job for job in office.service.jobs}
    await jobs["identity.inquiry_runs"].run()
    refused = await staff.call("POST", "", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "run_in_progress")

    cancelled = await staff.call("POST", f"/{run_id}/cancellation")
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    for move in ("pause", "resume", "cancellation"):
        again = await staff.call("POST", f"/{run_id}/{move}")
        assert (again.status_code, again.json()["code"]) == (409, "illegal_run_move")
    await office.work()
    assert figures(await staff.watch(run_id))[0] == 0
    await staff.start()


async def test_of_two_starts_at_once_one_runs(office, staff):
    answers = await asyncio.gather(*(staff.call("POST", "", {}) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [202] + [409] * 9


async def test_a_repeated_start_with_one_key_is_one_run(office, staff):
    first, again = [await staff.call("POST", "", {}, Idempotency_Key="run-2026-11") for _ in range(2)]
    assert (first.status_code, first.json()) == (again.status_code, again.json())


async def test_a_wrong_wish_is_refused_and_an_unknown_run_is_not_there(office, staff):
    wishes: list[Json] = [{"kinds": []}, {"kinds": ["card"]}, {"customer_ids": []}, {"everybody": True}]
    for wish in wishes:
        assert (await staff.call("POST", "", wish)).status_code == 422
    assert (await staff.call("GET", f"/{uuid4()}")).status_code == 404
    assert (await staff.call("POST", f"/{uuid4()}/pause")).status_code == 404


async def test_who_started_and_paused_a_run_is_in_the_audit(office, staff):
    run_id = await staff.start(kinds=["mobile_owner"])
    await staff.call("POST", f"/{run_id}/pause")
    query = "SELECT action FROM audit_entries WHERE details->>'run_id' = :run_id ORDER BY at, id"
    assert await office.rows(query, run_id=run_id) == [
        ("identity.inquiry_run.started",),
        ("identity.inquiry_run.paused",),
    ]


async def test_a_run_survives_the_death_of_its_worker(office, staff, settings, simulators, clock):
    """A real process, killed in the middle; what it had in hand comes back with the leases."""
    await office.people(60)
    slow = InquiryFault.model_validate({"kind": "slow", "seconds": 0.05, "times": None})
    simulators.desk.faults.of("finnotech").arm([slow])
    run_id = await staff.start()
    env = {name.upper(): str(value) for name, value in settings.model_dump(include=TOLD).items()}
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "identity",
        "worker",
        env={**os.environ, **env, "AMQP_URL": settings.database_url, "PORT": "0"},
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:

        async def asked() -> int:
            return int((await staff.watch(run_id))["asked"])

        await eventually(asked, lambda number: number > 20, within=60)
    finally:
        worker.send_signal(signal.SIGKILL)
        await worker.wait()

    before = await asked()
    assert before < 180
    simulators.desk.faults.clear()
    clock.advance(seconds=600)
    await office.work()
    seen = await staff.watch(run_id)
    assert (seen["state"], *figures(seen)) == ("done", 180, 0, 180, 0, 0, 0)


TOLD = {
    "database_url",
    "data_keys",
    "event_keys",
    "index_key",
    "code_key",
    "finnotech_url",
    "finnotech_client_secret",
    "jibit_url",
    "jibit_api_key",
    "jibit_secret_key",
    "zohal_url",
    "zohal_token",
    "inquiry_run_rate",
}
