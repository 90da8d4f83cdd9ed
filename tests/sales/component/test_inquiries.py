"""What inquiries found decides where a plan asks for it, and nowhere else."""

from uuid import UUID, uuid4

import pytest

from events.identity import InquiryConcluded, InquiryOpened
from sales.customers import consumers


def concluded(customer_id: UUID, result: str, version: int = 1, kind: str = "mobile_owner"):
    return InquiryConcluded.model_validate(
        {
            "version": version,
            "inquiry_id": uuid4(),
            "customer_id": customer_id,
            "kind": kind,
            "result": result,
            "reason": None,
            "asked_at": "2026-11-22T00:00:00Z",
        }
    )


async def told(office, *events) -> None:
    async with office.database.transaction() as session:
        for event in events:
            handle = (
                consumers.note_inquiry if isinstance(event, InquiryConcluded) else consumers.forget_inquiry
            )
            await handle(session, event)


async def checks(office, plan, customer_id) -> dict[str, tuple[bool, str]]:
    answer = await office.client.get(
        f"/api/v1/plans/{plan['plan_id']}/eligibility",
        headers=office.buyer(customer_id) | {"Accept-Language": "en"},
    )
    return {check["rule"]: (check["passed"], check["reason"]) for check in answer.json()["checks"]}


async def test_a_plan_that_asks_for_no_inquiry_has_no_such_check(office):
    (customer_id,) = await office.customers(1)
    await told(office, concluded(customer_id, "no_match"))
    plan = await office.open_plan()
    assert plan["required_inquiries"] == []
    assert not [rule for rule in await checks(office, plan, customer_id) if rule.endswith("_checked")]
    assert (await office.order(customer_id, plan)).status_code == 201


@pytest.mark.parametrize(
    ("result", "status", "words"),
    [
        ("match", 201, "registered to you."),
        ("no_match", 403, "not registered to you"),
        ("invalid_input", 403, "not registered to you"),
        (None, 403, "not been answered yet"),
    ],
)
async def test_a_result_decides_and_is_told(office, result, status, words):
    (customer_id,) = await office.customers(1)
    if result is not None:
        await told(office, concluded(customer_id, result))
    plan = await office.open_plan(required_inquiries=["mobile_owner"])
    passed, reason = (await checks(office, plan, customer_id))["mobile_owner_checked"]
    assert (passed, words in reason) == (status == 201, True)

    answer = await office.order(customer_id, plan)
    assert answer.status_code == status
    if status == 403:
        assert (answer.json()["code"], answer.json()["rule"]) == ("not_eligible", "mobile_owner_checked")


async def test_every_kind_that_is_asked_for_must_match(office):
    (customer_id,) = await office.customers(1)
    plan = await office.open_plan(required_inquiries=["iban_owner", "civil_registry", "iban_owner"])
    assert plan["required_inquiries"] == ["civil_registry", "iban_owner"]
    await told(office, concluded(customer_id, "match", kind="iban_owner"))
    found = await checks(office, plan, customer_id)
    assert (found["iban_owner_checked"][0], found["civil_registry_checked"][0]) == (True, False)
    await told(office, concluded(customer_id, "match", kind="civil_registry"))
    assert (await office.order(customer_id, plan)).status_code == 201


async def test_a_change_of_data_takes_a_result_back_and_older_news_do_not_count(office):
    (customer_id,) = await office.customers(1)
    plan = await office.open_plan(required_inquiries=["mobile_owner"])
    opened = InquiryOpened(version=2, inquiry_id=uuid4(), customer_id=customer_id, kind="mobile_owner")
    first, last = concluded(customer_id, "match", 1), concluded(customer_id, "no_match", 3)

    await told(office, first, opened, first)
    assert "not been answered yet" in (await checks(office, plan, customer_id))["mobile_owner_checked"][1]
    await told(office, last, opened, first)
    assert "not registered" in (await checks(office, plan, customer_id))["mobile_owner_checked"][1]


async def test_news_may_come_before_the_customer(office):
    customer_id = uuid4()
    await told(office, concluded(customer_id, "match"))
    plan = await office.open_plan(required_inquiries=["mobile_owner"])
    await office.customers(1, id=customer_id)
    assert (await checks(office, plan, customer_id))["mobile_owner_checked"][0]


async def test_an_unknown_kind_is_refused_in_a_plan(office):
    body = office.plan_body(required_inquiries=["card_owner"])
    answer = await office.client.post("/api/v1/staff/plans", json=body, headers=office.manager)
    assert answer.status_code == 422
