"""Which fields of an account change, and how: read by the staff, decided by an admin."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from chassis.service import Service
from identity.staff.testing import trail

POLICIES = "/staff/field-policies"


@pytest.fixture(autouse=True)
async def as_before(service: Service) -> AsyncIterator[None]:
    """What a test decides, no other test meets."""
    yield
    async with service.database.transaction() as session:
        await session.execute(text("DELETE FROM field_policies WHERE valid_from > '2026-01-01T00:00:00Z'"))


def free():
    return {"handling": "free", "approvals": 0}


def approval(approvals: int):
    return {"handling": "approval", "approvals": approvals}


def locked():
    return {"handling": "locked", "approvals": 0}


async def policy(reader, field):
    return next(row for row in (await reader.get(POLICIES))["items"] if row["field"] == field)


def wrong(problem):
    return {error["field"]: error["code"] for error in problem["errors"]}


async def test_the_staff_read_what_people_read_and_since_when(hire, owner):
    auditor = await hire("auditor")
    rows = (await auditor.get(POLICIES))["items"]
    public = (await owner.ok("GET", "/me/fields"))["items"]
    assert sorted((row["field"], row["handling"], row["approvals"]) for row in rows) == sorted(
        (row["field"], row["handling"], row["approvals"]) for row in public
    )
    name, code = await policy(auditor, "first_name"), await policy(auditor, "national_code")
    assert (name["least_approvals"], name["inquiries"]) == (2, ["civil_registry"])
    assert name["valid_from"].startswith("2026-01-01")
    assert (code["handling"], code["valid_from"]) == ("locked", None)


async def test_a_field_is_locked_freed_and_approved_from_the_moment_it_is_decided(admin, owner, clock):
    steps = ((locked(), 422), (approval(1), 200), (free(), 200))
    for word, (decided, status) in zip(("یک", "دو", "سه"), steps, strict=True):
        clock.advance(seconds=1)
        answered = await admin.put(f"{POLICIES}/occupation", decided)
        assert {name: answered[name] for name in decided} == decided
        edited = await owner.call("PATCH", "/me", {"occupation": f"پیشه‌ی {word}"})
        assert edited.status_code == status, edited.text
        if status == 200:
            assert edited.json()["pending"] == (["occupation"] if decided["handling"] == "approval" else [])
    assert (await owner.me())["occupation"] == "پیشه‌ی سه"


async def test_decisions_of_the_same_moment_are_both_obeyed(admin):
    await admin.put(f"{POLICIES}/education", locked())
    await admin.put(f"{POLICIES}/education", approval(3))
    assert (await policy(admin, "education"))["approvals"] == 3


async def test_what_is_asked_of_providers_stays_when_a_field_is_locked_and_opened(admin, clock):
    for decided in (locked(), approval(3)):
        clock.advance(seconds=1)
        answered = await admin.put(f"{POLICIES}/birth_date", decided)
        assert answered["inquiries"] == ["civil_registry", "iban_owner"]


async def test_a_change_that_waits_keeps_its_approvals_and_a_later_one_has_the_new(admin, owner, clock):
    await owner.wish(father_name="علی")
    clock.advance(seconds=1)
    await admin.put(f"{POLICIES}/father_name", approval(3))
    (waiting,) = (await owner.ok("GET", "/me/changes"))["items"]
    assert waiting["approvals_needed"] == 2
    await owner.wish(father_name="رضا")
    assert (await owner.ok("GET", "/me/changes"))["items"][0]["approvals_needed"] == 3


@pytest.mark.parametrize("field", ["national_code", "mobile"])
async def test_what_somebody_is_known_by_is_never_unlocked(admin, field):
    for decided in (free(), approval(5)):
        refused = await admin.put(f"{POLICIES}/{field}", decided, 422)
        assert wrong(refused) == {"handling": "always_locked"}
    assert (await admin.put(f"{POLICIES}/{field}", locked()))["handling"] == "locked"


@pytest.mark.parametrize("field", ["first_name", "last_name", "father_name", "birth_date", "gender", "iban"])
async def test_identity_and_the_sheba_never_change_without_the_staff(admin, field):
    assert wrong(await admin.put(f"{POLICIES}/{field}", free(), 422)) == {"handling": "never_free"}
    least = (await policy(admin, field))["least_approvals"]
    refused = await admin.put(f"{POLICIES}/{field}", approval(least - 1), 422)
    assert wrong(refused) == {"approvals": "too_few_approvals"}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"handling": "missing"}),
        (
            {"handling": "open", "approvals": -1},
            {"handling": "literal_error", "approvals": "greater_than_equal"},
        ),
        (approval(6), {"approvals": "less_than_equal"}),
        (approval(0), {"approvals": "too_few_approvals"}),
        ({"handling": "locked", "approvals": 1}, {"approvals": "approvals_needless"}),
        ({**free(), "valid_from": "2020-01-01"}, {"valid_from": "extra_forbidden"}),
        ({**free(), "inquiries": []}, {"inquiries": "extra_forbidden"}),
    ],
)
async def test_a_policy_that_makes_no_sense_is_refused_field_by_field(admin, service, body, errors):
    before = await policy(admin, "email")
    assert wrong(await admin.put(f"{POLICIES}/email", body, 422)) == errors
    assert await policy(admin, "email") == before


async def test_a_field_that_is_not_there_is_not_found(admin):
    for name in ("password", "roles", "customer_id", "model_fields"):
        await admin.put(f"{POLICIES}/{name}", locked(), 404)


async def test_a_decision_is_in_the_trail_and_none_when_it_is_so_already(admin, service, clock):
    clock.advance(seconds=1)
    for _ in range(2):
        await admin.put(f"{POLICIES}/email", locked())
    entries = [
        entry
        for entry in await trail(service)
        if entry.action == "identity.field_policy.decided" and str(entry.actor) == admin.id
    ]
    assert [entry.details for entry in entries] == [
        {
            "field": "email",
            "from": {"handling": "free", "approvals": 0},
            "to": {"handling": "locked", "approvals": 0},
        }
    ]


async def test_only_an_admin_decides_and_only_auditors_read_besides(hire, owner):
    auditor = await hire("auditor")
    await auditor.put(f"{POLICIES}/email", locked(), 403)
    for role in ("manager", "operator", "dealer", "care", "finance"):
        await (await hire(role)).get(POLICIES, 403)
    assert (await owner.call("GET", POLICIES)).status_code == 403
    assert (await owner.call("PUT", f"{POLICIES}/email", locked())).status_code == 403
