"""From an activation to what a person, and everybody who listens, knows of the inquiries."""

import asyncio

import pytest

from events.identity import InquiryConcluded, InquiryOpened
from identity.inquiries.domain import Kind
from identity.testing import form, registered
from simulators.inquiries.faults import InquiryFault
from simulators.inquiries.register import Entry

PROVIDERS = ("finnotech", "jibit", "zohal")
ALL = {kind.value for kind in Kind}


@pytest.fixture
def down(simulators):
    """Takes the providers down for everybody, or puts them up again."""

    def down(really: bool = True) -> None:
        fault = InquiryFault.model_validate({"kind": "unavailable", "times": None})
        for provider in PROVIDERS:
            simulators.desk.faults.of(provider).arm([fault] if really else [])

    return down


async def seen_by(api, person) -> dict[str, dict[str, object]]:
    answer = await api.get("/me/inquiries", Authorization=person.authorization)
    assert answer.status_code == 200, answer.text
    return {row["kind"]: row for row in answer.json()["items"]}


async def states_seen_by(api, person) -> dict[str, object]:
    return {kind: row["state"] for kind, row in (await seen_by(api, person)).items()}


async def test_an_activated_account_is_asked_about_in_all_three_respects(api, phones, office, simulators):
    person = await registered(api, phones)
    assert await states_seen_by(api, person) == dict.fromkeys(ALL, "pending")
    await office.work()
    assert await states_seen_by(api, person) == dict.fromkeys(ALL, "match")
    assert simulators.desk.requests == {"finnotech": 3, "jibit": 0, "zohal": 0}

    events = await office.published(InquiryConcluded)
    assert {(event["kind"], event["result"], event["version"]) for event in events} == {
        (kind, "match", 1) for kind in ALL
    }
    assert {event["customer_id"] for event in events} == {person.customer_id}


async def test_a_registration_that_is_not_activated_is_not_asked_about(api, office):
    await api.post("/registrations", form())
    await office.work()
    assert await office.rows("SELECT * FROM inquiries") == []


async def test_what_does_not_match_is_told_with_reason_and_sentence(api, phones, office, simulators):
    person = await registered(api, phones)
    entry = Entry(oddities={"other_mobile", "dead"})
    simulators.desk.register.people[person.form["national_code"]] = entry
    await office.work()

    seen = await seen_by(api, person)
    assert {kind: (row["state"], row["reason"]) for kind, row in seen.items()} == {
        "mobile_owner": ("no_match", "not_the_owner"),
        "civil_registry": ("no_match", "deceased"),
        "iban_owner": ("match", None),
    }
    assert seen["mobile_owner"]["note"] == "The mobile is not registered to you; use one that is."
    assert seen["mobile_owner"]["concluded_at"] is not None


async def test_an_outage_is_not_a_no_and_is_asked_again_after_growing_pauses(
    api, phones, office, simulators, down, clock
):
    person = await registered(api, phones)
    down()
    await office.work()
    assert await states_seen_by(api, person) == dict.fromkeys(ALL, "unavailable")
    assert simulators.desk.requests == dict.fromkeys(PROVIDERS, 3)
    assert await office.published(InquiryConcluded) == []

    clock.advance(seconds=59)
    await office.work()
    assert sum(simulators.desk.requests.values()) == 9
    clock.advance(seconds=1)
    await office.work()
    assert sum(simulators.desk.requests.values()) == 18
    clock.advance(seconds=119)
    down(really=False)
    await office.work()
    assert await states_seen_by(api, person) == dict.fromkeys(ALL, "unavailable")
    clock.advance(seconds=1)
    await office.work()
    assert await states_seen_by(api, person) == dict.fromkeys(ALL, "match")


async def test_the_next_provider_answers_for_one_that_is_down(api, phones, office, simulators):
    person = await registered(api, phones)
    fault = InquiryFault.model_validate({"kind": "unavailable", "times": None})
    simulators.desk.faults.of("finnotech").arm([fault])
    await office.work()
    assert await states_seen_by(api, person) == dict.fromkeys(ALL, "match")
    assert simulators.desk.requests == {"finnotech": 3, "jibit": 3, "zohal": 0}


async def test_a_changed_sheba_counts_no_more_until_it_is_asked_about(office, clock):
    (customer_id,) = await office.people(1, ask=True)
    await office.work()
    await office.ask(customer_id, Kind.IBAN_OWNER)

    assert await office.results() == {"match": 2, None: 1}
    (opened,) = await office.published(InquiryOpened)
    assert (opened["kind"], opened["version"]) == ("iban_owner", 2)

    await office.work()
    assert await office.results() == {"match": 3}
    versions = [event["version"] for event in await office.published(InquiryConcluded)]
    assert sorted(versions) == [1, 1, 1, 3]


async def test_the_same_question_is_answered_from_memory_while_the_answer_is_fresh(office, simulators, clock):
    (customer_id,) = await office.people(1, ask=True)
    await office.work()
    for days, requests in ((29, 3), (2, 6), (1, 6)):
        clock.advance(days=days)
        await office.ask(customer_id, *Kind)
        await office.work()
        assert sum(simulators.desk.requests.values()) == requests


async def test_a_no_is_remembered_for_a_day(office, simulators, clock):
    ((customer_id, typed),) = (await office.people(1)).items()
    simulators.desk.register.people[typed["national_code"]] = Entry(oddities={"other_mobile"})
    for hours, requests in ((0, 1), (23, 1), (1, 2)):
        clock.advance(hours=hours)
        await office.ask(customer_id, Kind.MOBILE_OWNER)
        await office.work()
        assert sum(simulators.desk.requests.values()) == requests
        assert await office.results() == {"no_match": 1}


async def test_an_answer_keeps_its_evidence_and_nothing_of_the_person(office, simulators):
    (typed,) = (await office.people(1, ask=True)).values()
    await office.work()
    evidence = await office.rows("SELECT provider, length(trace_id), length(digest) FROM inquiry_answers")
    assert evidence == [("finnotech", 32, 64)] * 3
    dump = str(await office.rows("SELECT inquiries::text FROM inquiries")) + str(
        await office.rows("SELECT inquiry_answers::text FROM inquiry_answers")
    )
    personal = (typed["national_code"], typed["mobile"], typed["iban"], typed["last_name"])
    assert [value for value in personal if value in dump] == []


async def test_of_two_workers_each_asks_what_the_other_does_not(office, other_office, simulators):
    await office.people(20, ask=True)
    await asyncio.gather(office.work(), other_office.work())
    assert await office.results() == {"match": 60}
    assert simulators.desk.requests["finnotech"] == 60
    assert len(await office.published(InquiryConcluded)) == 60


async def test_what_a_dead_worker_had_in_hand_another_asks_when_the_lease_is_over(
    office, other_office, simulators, clock
):
    await office.people(5, ask=True)
    hang = InquiryFault.model_validate({"kind": "hang_lost", "seconds": 60, "times": None})
    simulators.desk.faults.of("finnotech").arm([hang])
    assert await office.asker.run()
    for task in list(office.asker._in_hand):
        task.cancel()
    await asyncio.gather(*office.asker._in_hand, return_exceptions=True)
    simulators.desk.faults.clear()

    await other_office.work()
    assert await office.results() == {None: 15}
    clock.advance(seconds=180)
    await other_office.work()
    assert await office.results() == {"match": 15}


async def test_an_answer_that_comes_after_the_data_changed_is_dropped(office, simulators):
    ((customer_id, typed),) = (await office.people(1)).items()
    await office.ask(customer_id, Kind.MOBILE_OWNER)
    slow = InquiryFault.model_validate({"kind": "slow", "seconds": 0.3})
    simulators.desk.faults.of(typed["national_code"]).arm([slow])
    await office.asker.run()
    await office.ask(customer_id, Kind.MOBILE_OWNER)
    await office.asker.finish()
    assert await office.results() == {None: 1}
    await office.work()
    assert await office.results() == {"match": 1}


async def test_changes_and_answers_at_once_end_with_an_answer_to_the_last_change(office):
    (customer_id,) = await office.people(1, ask=True)

    async def change() -> None:
        for _ in range(10):
            await office.ask(customer_id, *Kind)

    await asyncio.gather(change(), *(office.work() for _ in range(3)))
    await office.work()
    assert await office.results() == {"match": 3}
    told = [*await office.published(InquiryOpened), *await office.published(InquiryConcluded)]
    for kind in ALL:
        versions = sorted(event["version"] for event in told if event["kind"] == kind)
        assert versions == list(range(1, len(versions) + 1))
        assert len(versions) % 2 == 1


async def test_nobody_sees_the_inquiries_of_others(api, phones, office):
    await registered(api, phones)
    stranger = await registered(api, phones)
    await office.work()
    assert len(await seen_by(api, stranger)) == 3
    assert (await api.get("/me/inquiries")).status_code == 401
