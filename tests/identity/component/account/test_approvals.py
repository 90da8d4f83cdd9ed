"""The staff decide what people want changed: two of them where identity is concerned."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from chassis.service import Service
from events.identity import ChangeDecided, CustomerChanged
from identity.customers.testing import Owner
from identity.staff.testing import Colleague, Hire, trail
from identity.testing import Json, Phones
from iran import samples

NewOwner = Callable[..., Awaitable[Owner]]


def approval(change_id: str) -> str:
    return f"/staff/approvals/{change_id}/approval"


def refusal(change_id: str) -> str:
    return f"/staff/approvals/{change_id}/refusal"


async def decisions(phones: Phones, customer_id: str) -> list[Json]:
    events = await phones.events(ChangeDecided.name)
    return [event for event in events if event["customer_id"] == customer_id]


async def state_of(owner: Owner, change_id: str) -> Json:
    rows = (await owner.ok("GET", "/me/changes"))["items"]
    return next(row for row in rows if row["change_id"] == change_id)


async def test_a_name_changes_when_two_of_the_staff_approve(
    owner: Owner, operator: Colleague, admin: Colleague, phones: Phones, service: Service
) -> None:
    change_id = await owner.wish(last_name="کریمی")

    first = await operator.post(approval(change_id))
    assert (first["state"], first["approvals"], first["approvals_needed"]) == ("pending", 1, 2)
    assert (await owner.me())["last_name"] == "محمدی"
    second = await admin.post(approval(change_id))
    assert (second["state"], second["approvals"]) == ("approved", 2)

    me = await owner.me()
    assert (me["last_name"], me["version"], me["pending"]) == ("کریمی", 2, [])
    (decided,) = await decisions(phones, owner.id)
    assert (decided["field"], decided["decision"], decided["reason"]) == ("last_name", "approved", None)
    changed = [e for e in await phones.events(CustomerChanged.name) if e["customer_id"] == owner.id]
    contact = phones.open(changed[0]["contact"], f"{CustomerChanged.name}.contact")
    assert (changed[0]["changed"], contact["last_name"]) == (["last_name"], "کریمی")
    deeds = [(str(row.actor), row.action) for row in await trail(service, owner.id)]
    assert deeds[-2:] == [
        (operator.id, "identity.change.approved"),
        (admin.id, "identity.change.approved"),
    ]


async def test_one_approval_is_enough_for_a_sheba_which_then_has_to_be_matched_anew(
    owner: Owner, operator: Colleague, service: Service
) -> None:
    known = text("UPDATE inquiries SET result = 'match' WHERE customer_id = :id AND kind = 'iban_owner'")
    async with service.database.transaction() as session:
        await session.execute(known, {"id": owner.id})
    change_id = await owner.wish(iban=str(samples.sheba(456_456)))
    assert (await operator.post(approval(change_id)))["state"] == "approved"

    me = await owner.me()
    assert (me["iban"], me["iban_verified"]) == (samples.sheba(456_456).masked, False)
    asked = (await owner.ok("GET", "/me/inquiries"))["items"]
    assert [row["state"] for row in asked if row["kind"] == "iban_owner"] == ["pending"]


async def test_the_same_person_twice_is_not_two(owner: Owner, operator: Colleague) -> None:
    change_id = await owner.wish(first_name="مریم")
    await operator.post(approval(change_id))
    again = await operator.post(approval(change_id), status=403)
    assert again["code"] == "four_eyes"
    parallel = await asyncio.gather(*(operator.call("POST", approval(change_id)) for _ in range(10)))
    assert {answer.status_code for answer in parallel} == {403}
    assert (await owner.me())["first_name"] == "زهرا"


async def test_a_repeated_request_is_answered_alike_and_counts_once(
    owner: Owner, operator: Colleague
) -> None:
    change_id = await owner.wish(first_name="مریم")
    answers = [await operator.post(approval(change_id), Idempotency_Key="approval-1") for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["approvals"] == 1


async def test_nobody_decides_about_their_own_account(new_owner: NewOwner, hire: Hire) -> None:
    colleague = await hire("operator")
    edited = await colleague.call("PATCH", "/me", {"gender": "male"})
    change_id = edited.json()["changes"][0]["change_id"]
    for path, body in ((approval(change_id), None), (refusal(change_id), {"reason": "نمی‌خواهم"})):
        assert (await colleague.post(path, body, status=403))["code"] == "own_change"


async def test_a_refusal_says_why_and_ends_the_change(
    owner: Owner, operator: Colleague, admin: Colleague, phones: Phones
) -> None:
    change_id = await owner.wish(father_name="علی")
    reason = "نام پدر با شناسنامه نمی‌خواند"
    refused = await operator.post(refusal(change_id), {"reason": reason})
    assert refused["state"] == "refused"

    told = await state_of(owner, change_id)
    assert (told["state"], told["reason"]) == ("refused", reason)
    (decided,) = await decisions(phones, owner.id)
    place = f"{ChangeDecided.name}.reason"
    assert (decided["decision"], phones.open(decided["reason"], place)) == ("refused", {"text": reason})
    late = await admin.post(approval(change_id), status=409)
    assert late["code"] == "change_decided"
    assert (await owner.me())["father_name"] == "حسین"


@pytest.mark.parametrize("body", [None, {}, {"reason": ""}, {"reason": "x" * 201}, {"reason": " "}])
async def test_a_refusal_without_a_reason_is_none(
    owner: Owner, operator: Colleague, body: Json | None
) -> None:
    change_id = await owner.wish(father_name="علی")
    await operator.post(refusal(change_id), body, status=422)
    assert (await state_of(owner, change_id))["state"] == "pending"


async def test_a_withdrawn_change_cannot_be_approved(owner: Owner, operator: Colleague) -> None:
    change_id = await owner.wish(gender="male")
    await owner.ok("DELETE", f"/me/changes/{change_id}", status=204)
    assert (await operator.post(approval(change_id), status=409))["code"] == "change_decided"


async def test_approvals_of_an_earlier_wish_do_not_count_for_a_later_one(
    owner: Owner, operator: Colleague, admin: Colleague
) -> None:
    await operator.post(approval(await owner.wish(father_name="علی")))
    later = await owner.wish(father_name="رضا")
    assert (await admin.post(approval(later)))["state"] == "pending"


async def test_the_queue_shows_nothing_personal_and_pages(new_owner: NewOwner, operator: Colleague) -> None:
    owners = [await new_owner() for _ in range(3)]
    wanted = [await owner.wish(birth_certificate_number="1234567") for owner in owners]

    seen, cursor, pages = [], "", 0
    while cursor is not None:
        path = f"/staff/approvals?field=birth_certificate_number&limit=2{cursor and f'&cursor={cursor}'}"
        page = await operator.get(path)
        assert "1234567" not in str(page)
        seen += page["items"]
        cursor, pages = page["next_cursor"], pages + 1
    assert [row["change_id"] for row in seen] == wanted
    assert pages == 2
    codes = [owner.person.form["national_code"] for owner in owners]
    assert all("*" in row["national_code"] and row["national_code"] not in codes for row in seen)
    await operator.post(approval(wanted[0]))
    first = (await operator.get("/staff/approvals?field=birth_certificate_number&limit=1"))["items"][0]
    assert (first["approvals"], first["approved_by_me"]) == (1, True)


async def test_looking_at_a_change_shows_both_values_and_is_written_down(
    owner: Owner, hire: Hire, service: Service
) -> None:
    change_id = await owner.wish(birth_date="1991-02-03")
    auditor = await hire("auditor")
    seen = await auditor.get(f"/staff/approvals/{change_id}")
    assert (seen["field"], seen["old"], seen["new"]) == ("birth_date", "1990-05-12", "1991-02-03")
    last = (await trail(service, owner.id))[-1]
    assert (str(last.actor), last.action) == (auditor.id, "identity.change.viewed")


@pytest.mark.parametrize("role", ["auditor", "manager", "dealer", "care", "finance"])
async def test_who_may_not_decide_does_not(owner: Owner, hire: Hire, role: str) -> None:
    change_id = await owner.wish(father_name="علی")
    colleague = await hire(role)
    await colleague.post(approval(change_id), status=403)
    await colleague.post(refusal(change_id), {"reason": "نمی‌خواند"}, status=403)
    assert (await state_of(owner, change_id))["approvals"] == 0


async def test_a_buyer_has_no_queue(owner: Owner, new_owner: NewOwner) -> None:
    change_id = await owner.wish(father_name="علی")
    stranger = await new_owner()
    for method, path in (("GET", "/staff/approvals"), ("POST", approval(change_id))):
        assert (await stranger.call(method, path)).status_code == 403


async def test_of_parallel_approvals_and_a_withdrawal_one_decides(
    owner: Owner, hire: Hire, phones: Phones
) -> None:
    change_id = await owner.wish(iban=str(samples.sheba(31_337)))
    staff = [await hire("operator") for _ in range(4)]

    answers = await asyncio.gather(
        *(one.call("POST", approval(change_id)) for one in staff),
        owner.call("DELETE", f"/me/changes/{change_id}"),
    )

    outcomes = Counter(answer.status_code for answer in answers)
    assert outcomes[200] + outcomes[204] == 1
    assert outcomes[409] == 4
    state = (await state_of(owner, change_id))["state"]
    assert state == ("approved" if outcomes[200] else "withdrawn")
    assert len(await decisions(phones, owner.id)) == outcomes[200]
