"""What changes at once, what waits, what is refused."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import text

from chassis.service import Service
from chassis.testing.clock import MovableClock
from events.identity import CustomerChanged
from identity.customers.domain import Profile
from identity.testing import Phones
from iran import Sheba, samples, to_persian_digits


def fields(problem: dict[str, Any]) -> dict[str, str]:
    return {error["field"]: error["code"] for error in problem["errors"]}


async def changed_events(phones: Phones, customer_id: str) -> list[dict[str, Any]]:
    events = await phones.events(CustomerChanged.name)
    return [event for event in events if event["customer_id"] == customer_id]


async def test_a_free_field_changes_at_once_and_everybody_is_told(owner, phones):
    edited = await owner.edit(
        occupation="مهندس",
        email=None,
        address={"province": "اصفهان", "city": "کاشان", "postal_code": to_persian_digits("8713812345")},
    )

    assert (edited["applied"], edited["pending"]) == (["address", "email", "occupation"], [])
    me = await owner.me()
    assert (me["occupation"], me["version"], me["email"]) == ("مهندس", 2, None)
    assert (me["address"]["city"], me["address"]["postal_code"]) == ("کاشان", "8713812345")
    assert me["address"]["street"] == owner.person.form["address"]["street"]
    (event,) = await changed_events(phones, owner.id)
    assert (event["version"], event["province"]) == (2, "اصفهان")
    assert set(event["changed"]) == {"address", "occupation"}
    contact = phones.open(event["contact"], f"{CustomerChanged.name}.contact")
    assert contact["mobile"] == owner.person.form["mobile"]


async def test_what_is_already_so_is_applied_and_told_to_nobody(owner, phones):
    edited = await owner.edit(occupation=owner.person.form["occupation"])
    assert (edited["applied"], edited["version"]) == (["occupation"], 1)
    assert await changed_events(phones, owner.id) == []


async def test_what_needs_approval_waits_and_is_listed(owner, phones):
    iban = samples.sheba(987_654)
    edited = await owner.edit(last_name="كريمي", iban=to_persian_digits(str(iban)), occupation="پزشک")

    assert (edited["applied"], edited["pending"]) == (["occupation"], ["iban", "last_name"])
    me = await owner.me()
    assert (me["last_name"], me["pending"]) == ("محمدی", ["iban", "last_name"])
    listed = {row["field"]: row for row in (await owner.ok("GET", "/me/changes"))["items"]}
    assert (listed["last_name"]["value"], listed["last_name"]["approvals_needed"]) == ("کریمی", 2)
    assert (listed["iban"]["value"], listed["iban"]["approvals_needed"]) == (iban.masked, 1)
    assert {row["state"] for row in listed.values()} == {"pending"}
    assert [event["changed"] for event in await changed_events(phones, owner.id)] == [["occupation"]]


async def test_every_wrong_field_is_named_at_once(owner):
    answer = await owner.call(
        "PATCH",
        "/me",
        {
            "national_code": "0499370899",
            "mobile": "09123456789",
            "first_name": "9",
            "birth_date": "2999-01-01",
            "gender": "other",
            "email": "nobody",
            "iban": "IR012345678901234567890123",
            "roles": ["admin"],
            "address": {"province": "ناکجا", "country": "x"},
        },
    )
    assert answer.status_code == 422
    assert fields(answer.json()) == {
        "national_code": "field_locked",
        "mobile": "field_locked",
        "first_name": "person_name_format",
        "birth_date": "date_in_future",
        "gender": "literal_error",
        "email": "string_pattern_mismatch",
        "iban": "sheba_check_digits",
        "roles": "extra_forbidden",
        "address.province": "province_unknown",
        "address.country": "extra_forbidden",
    }
    assert (await owner.me())["version"] == 1


@pytest.mark.parametrize(
    "field", ["customer_id", "version", "registered_at", "iban_verified", "mobile_verified_at", "password"]
)
async def test_nothing_but_the_profile_can_be_assigned(owner, field):
    answer = await owner.call("PATCH", "/me", {field: "1", "occupation": "شاعر"})
    assert (answer.status_code, fields(answer.json())) == (422, {field: "extra_forbidden"})
    assert (await owner.me())["occupation"] == owner.person.form["occupation"]


async def test_the_policy_says_which_fields_change_and_how(owner):
    rows = {row["field"]: row for row in (await owner.ok("GET", "/me/fields"))["items"]}
    assert rows.keys() == Profile.model_fields.keys()
    handling = {field: (row["handling"], row["approvals"]) for field, row in rows.items()}
    identity = ("first_name", "last_name", "father_name", "birth_date", "gender", "birth_certificate_number")
    assert {handling[field] for field in identity} == {("approval", 2)}
    assert handling["iban"] == ("approval", 1)
    assert {handling[field] for field in ("education", "occupation", "email", "address")} == {("free", 0)}
    assert {handling[field] for field in ("national_code", "mobile")} == {("locked", 0)}


async def test_a_new_row_of_the_policy_counts_from_its_time(owner, service: Service, clock: MovableClock):
    """A rule is a row: nothing is released to change it."""
    locked = text(
        "INSERT INTO field_policies (field, valid_from, handling, approvals, inquiries)"
        " VALUES ('education', :from, 'locked', 0, '{}')"
    )
    clock.advance(minutes=5)
    start = clock()
    clock.advance(minutes=-1)
    async with service.database.transaction() as session:
        await session.execute(locked, {"from": start})
    try:
        assert (await owner.edit(education="دکتری"))["applied"] == ["education"]
        clock.advance(minutes=1)
        answer = await owner.call("PATCH", "/me", {"education": "دیپلم", "occupation": "شاعر"})
        assert (answer.status_code, fields(answer.json())) == (422, {"education": "field_locked"})
    finally:
        async with service.database.transaction() as session:
            await session.execute(text("DELETE FROM field_policies WHERE handling = 'locked'"))


async def test_one_change_of_a_field_waits_at_a_time_and_the_newest_counts(owner):
    first = await owner.wish(father_name="علی")
    assert await owner.wish(father_name="علي") == first
    second = await owner.wish(father_name="رضا")
    listed = (await owner.ok("GET", "/me/changes"))["items"]
    assert [(row["change_id"], row["state"]) for row in listed] == [(second, "pending"), (first, "withdrawn")]


async def test_wishing_for_what_is_so_withdraws_the_wish(owner):
    await owner.wish(father_name="علی")
    assert (await owner.edit(father_name=owner.person.form["father_name"]))["pending"] == []
    assert (await owner.me())["pending"] == []


async def test_the_owner_withdraws_a_change_once(owner, new_owner):
    change_id = await owner.wish(gender="male")
    stranger = await new_owner()
    refused = await stranger.call("DELETE", f"/me/changes/{change_id}")
    assert refused.status_code == 404
    assert (await owner.me())["pending"] == ["gender"]

    await owner.ok("DELETE", f"/me/changes/{change_id}", status=204)
    again = await owner.call("DELETE", f"/me/changes/{change_id}")
    assert (again.status_code, again.json()["code"]) == (409, "change_decided")
    assert (await owner.me())["pending"] == []


async def test_who_edits_what_has_changed_meanwhile_is_told(owner):
    read = await owner.call("GET", "/me")
    etag = read.headers["etag"]
    await owner.ok("PATCH", "/me", {"occupation": "شاعر"}, If_Match=etag)
    stale = await owner.call("PATCH", "/me", {"occupation": "پزشک"}, If_Match=etag)
    assert (stale.status_code, stale.json()["code"]) == (409, "version_conflict")
    assert (await owner.me())["occupation"] == "شاعر"


async def test_parallel_edits_are_all_kept(owner, phones):
    wishes = [{"occupation": "شاعر"}, {"education": "دکتری"}, {"email": "a@example.com"}] * 4
    answers = await asyncio.gather(*(owner.call("PATCH", "/me", wish) for wish in wishes))
    assert Counter(answer.status_code for answer in answers) == {200: 12}
    me = await owner.me()
    assert (me["occupation"], me["education"], me["email"]) == ("شاعر", "دکتری", "a@example.com")
    versions = [event["version"] for event in await changed_events(phones, owner.id)]
    assert versions == [2, 3, 4]
    assert me["version"] == 4


async def test_parallel_wishes_leave_one_that_waits(owner):
    names = ["علی", "رضا", "مهدی", "امیر"] * 3
    answers = await asyncio.gather(*(owner.call("PATCH", "/me", {"father_name": name}) for name in names))
    assert Counter(answer.status_code for answer in answers) == {200: 12}
    listed = (await owner.ok("GET", "/me/changes"))["items"]
    assert [row["state"] for row in listed].count("pending") == 1


async def test_a_copy_of_the_database_does_not_show_what_is_wished_for(owner, service: Service):
    iban = samples.sheba(123_123)
    await owner.edit(last_name="رازدارنده", iban=str(iban))
    async with service.database.transaction() as session:
        values = await session.scalars(text("SELECT value FROM profile_changes"))
        dumped = b"\0".join(values)
    for secret in ("رازدارنده", Sheba(iban)):
        assert secret.encode() not in dumped
