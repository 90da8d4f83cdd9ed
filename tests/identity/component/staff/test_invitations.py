"""Invited by an admin, accepted with the code from the message and a password."""

import asyncio
from uuid import uuid4

import pytest

from events.identity import CustomerRegistered, StaffInvited, StaffMemberChanged
from identity.staff.testing import checked, logged_in, trail
from identity.testing import form, log_in, registered

INVITATIONS = "/staff/members/invitations"
PARTICULARS = ("father_name", "birth_date", "gender", "education", "occupation", "iban", "address")
PERSON = ("national_code", "mobile", "first_name", "last_name")


def invitation_of(typed, *roles, **more):
    return {**{name: typed[name] for name in PERSON}, "roles": roles or ["operator"], **more}


def answer_of(typed, code, **changes):
    given = {"code": code, "national_code": typed["national_code"], "password": typed["password"]}
    return {**given, "particulars": {name: typed[name] for name in PARTICULARS}, **changes}


async def code_of(phones, invitation_id):
    place = f"{StaffInvited.name}.delivery"
    sent = [one for one in await phones.events(StaffInvited.name) if one["invitation_id"] == invitation_id]
    return [phones.open(one["delivery"], place)["code"] for one in sent][-1] if sent else None


async def invited(admin, phones, typed, *roles, **more):
    """The path to accept at, and the code."""
    sent = await admin.post(INVITATIONS, invitation_of(typed, *roles, **more), 201)
    invitation_id = sent["invitation_id"]
    return f"/staff-invitations/{invitation_id}", await code_of(phones, invitation_id)


async def test_who_is_invited_joins_with_a_new_account(hire, api, phones, service):
    admin, typed = await hire("admin"), form()
    path, code = await invited(admin, phones, typed, "care", "operator")
    joined = checked(await api.post(path, answer_of(typed, code)), 201)
    assert joined["roles"] == ["care", "operator"]
    tokens = await logged_in(api, phones, typed)
    me = await api.get("/me", Authorization=f"Bearer {tokens['access_token']}")
    assert (me.json()["customer_id"], me.json()["roles"]) == (joined["customer_id"], joined["roles"])
    announced = [event["customer_id"] for event in await phones.events(CustomerRegistered.name)]
    assert announced.count(joined["customer_id"]) == 1
    [told] = await trail(service, joined["customer_id"])
    assert (told.action, told.details["invited_by"]) == ("identity.staff.joined", admin.id)


async def test_who_has_an_account_joins_after_its_password(hire, api, phones):
    admin, buyer = await hire("admin"), await registered(api, phones)
    dealership = str(uuid4())
    path, code = await invited(admin, phones, buyer.form, "dealer", dealership_id=dealership)
    without = answer_of(buyer.form, code, particulars=None)
    refused = await api.post(path, {**without, "password": "not this one"})
    assert (refused.status_code, refused.json()["code"]) == (401, "wrong_credentials")
    joined = checked(await api.post(path, without), 201)
    assert joined == {"customer_id": buyer.customer_id, "roles": ["dealer"]}
    assert (await api.get("/me", Authorization=buyer.authorization)).status_code == 401
    [told] = [
        one for one in await phones.events(StaffMemberChanged.name) if one["customer_id"] == buyer.customer_id
    ]
    assert (told["change"], told["roles"], told["dealership_id"]) == ("appointed", ["dealer"], dealership)
    assert (await admin.get(f"/staff/members/{buyer.customer_id}"))["dealership_id"] == dealership


async def test_the_message_holds_the_code_apart_from_the_link(hire, phones):
    typed = form()
    sent = await (await hire("admin")).post(INVITATIONS, invitation_of(typed), 201)
    code = await code_of(phones, sent["invitation_id"])
    assert len(code) == 8
    assert code not in sent["invitation_id"].replace("-", "")
    assert typed["mobile"] not in str(sent)
    assert code not in str(sent)


async def test_an_invitation_is_used_once_however_many_try(hire, client, api, phones):
    typed = form()
    path, code = await invited(await hire("admin"), phones, typed)
    answers = await asyncio.gather(*(api.elsewhere().post(path, answer_of(typed, code)) for _ in range(5)))
    assert [answer.status_code for answer in answers].count(201) == 1
    later = await api.post(path, answer_of(typed, code))
    assert (later.status_code, later.json()["code"]) == (409, "code_used")


async def test_a_code_is_tried_five_times(hire, api, phones):
    typed = form()
    path, code = await invited(await hire("admin"), phones, typed)
    wrong = str((int(code) + 1) % 10**8).zfill(8)
    guesses = await asyncio.gather(
        *(api.elsewhere().post(path, answer_of(typed, wrong)) for _ in range(20)), return_exceptions=False
    )
    compared = [guess for guess in guesses if guess.json()["code"] == "code_wrong"]
    assert len(compared) <= 5
    right = await api.elsewhere().post(path, answer_of(typed, code))
    assert right.status_code == 429


async def test_the_code_is_for_the_invited_person_only(hire, api, phones):
    typed, other = form(), await registered(api, phones)
    path, code = await invited(await hire("admin"), phones, typed)
    refused = await api.post(path, answer_of(other.form, code))
    assert (refused.status_code, refused.json()["code"]) == (422, "code_wrong")
    assert refused.json()["tries_left"] == 4


async def test_what_is_missing_is_asked_for_and_costs_no_try(hire, api, phones):
    typed = form()
    path, code = await invited(await hire("admin"), phones, typed)
    for _ in range(7):
        missing = await api.post(path, answer_of(typed, code, particulars=None))
        assert (missing.status_code, missing.json()["code"]) == (409, "particulars_needed")
    weak = await api.post(path, answer_of(typed, code, password="12345678"))
    assert (weak.status_code, weak.json()["errors"][0]["field"]) == (422, "password")
    short = await api.post(path, answer_of(typed, code, password="دریا"))
    assert short.json()["errors"][0]["code"] == "string_too_short"
    checked(await api.post(path, answer_of(typed, code)), 201)


@pytest.mark.parametrize("end", ["expired", "withdrawn", "replaced"])
async def test_an_invitation_that_is_over_lets_nobody_in(hire, api, phones, clock, end):
    admin, typed = await hire("admin"), form()
    path, code = await invited(admin, phones, typed)
    if end == "expired":
        clock.advance(hours=72)
    elif end == "withdrawn":
        await admin.delete(f"{INVITATIONS}/{path.rsplit('/')[-1]}")
    else:
        await invited(admin, phones, typed, "care")
    refused = await api.post(path, answer_of(typed, code))
    assert (refused.status_code, refused.json()["code"]) == (410, "invitation_over")


async def test_an_admin_is_invited_by_two(hire, api, phones):
    first, second, typed = await hire("admin"), await hire("admin"), form()
    sent = await first.post(INVITATIONS, invitation_of(typed, "admin"), 201)
    assert sent["state"] == "awaiting_confirmation"
    path = f"{INVITATIONS}/{sent['invitation_id']}/confirmation"
    assert await code_of(phones, sent["invitation_id"]) is None
    unknown = await api.post(f"/staff-invitations/{sent['invitation_id']}", answer_of(typed, "00000000"))
    assert unknown.status_code == 404
    assert (await first.post(path, status=403))["code"] == "same_person"
    assert (await second.post(path))["state"] == "sent"
    assert (await second.post(path, status=409))["code"] == "invitation_not_open"
    code = await code_of(phones, sent["invitation_id"])
    answer = await api.post(f"/staff-invitations/{sent['invitation_id']}", answer_of(typed, code))
    assert checked(answer, 201)["roles"] == ["admin"]


async def test_an_invitation_that_is_over_is_not_confirmed_or_withdrawn(hire, phones):
    first, second = await hire("admin"), await hire("admin")
    sent = await first.post(INVITATIONS, invitation_of(form(), "admin"), 201)
    path = f"{INVITATIONS}/{sent['invitation_id']}"
    await second.delete(path)
    await second.delete(path, 409)
    await second.post(f"{path}/confirmation", status=409)
    await second.post(f"{INVITATIONS}/{uuid4()}/confirmation", status=404)


async def test_who_is_of_the_staff_is_not_invited(hire):
    admin, member = await hire("admin"), await hire("care")
    refused = await admin.post(INVITATIONS, invitation_of(member.form), 409)
    assert refused["code"] == "already_staff"


async def test_invitations_are_listed_newest_first_and_masked(hire, phones):
    admin, typed = await hire("admin"), form()
    await admin.post(INVITATIONS, invitation_of(form()), 201)
    last = await admin.post(INVITATIONS, invitation_of(typed), 201)
    listed = (await admin.get(INVITATIONS))["items"]
    assert listed[0] == last
    assert typed["mobile"] not in str(listed)
    assert typed["national_code"] not in str(listed)


async def test_a_repeated_request_invites_once(hire, phones):
    admin, typed = await hire("admin"), form()
    body = invitation_of(typed, "care", "finance")
    first = await admin.post(INVITATIONS, body, 201, Idempotency_Key="invite-once-1")
    again = await admin.post(
        INVITATIONS, {**body, "roles": ["finance", "care"]}, 201, Idempotency_Key="invite-once-1"
    )
    assert first == again
    sent = [one["invitation_id"] for one in await phones.events(StaffInvited.name)]
    assert sent.count(first["invitation_id"]) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"roles": ["emperor"]},
        {"roles": []},
        {"invited_by": str(uuid4())},
        {"code_mac": "x"},
        {"mobile": "12"},
    ],
)
async def test_an_invitation_with_anything_else_in_it_is_refused(hire, changes):
    await (await hire("admin")).post(INVITATIONS, {**invitation_of(form()), **changes}, 422)


async def test_before_joining_nobody_can_log_in(hire, api, phones):
    typed = form()
    await invited(await hire("admin"), phones, typed)
    assert (await log_in(api, typed)).status_code == 401
