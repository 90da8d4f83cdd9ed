"""What the other services hear of the staff."""

from uuid import uuid4

from events.identity import CustomerDisabled, CustomerEnabled, SessionsEnded, StaffMemberChanged
from identity.staff.seed import appoint_staff

MEMBERS = "/staff/members"


async def told(phones, member):
    return [one for one in await phones.events(StaffMemberChanged.name) if one["customer_id"] == member.id]


def said(one):
    return one["change"], one["roles"], one["dealership_id"], one["disabled"]


async def test_every_change_of_a_member_is_told_with_how_it_is_now(hire, phones):
    admin, member = await hire("admin"), await hire("care")
    place = str(uuid4())
    await admin.put(f"{MEMBERS}/{member.id}/roles", {"roles": ["dealer", "care"]})
    await admin.put(f"{MEMBERS}/{member.id}/dealership", {"dealership_id": place})
    await admin.post(f"/staff/customers/{member.id}/disablement", {"reason": "fraud"}, 204)
    await admin.delete(f"/staff/customers/{member.id}/disablement")
    await admin.delete(f"{MEMBERS}/{member.id}")

    events = await told(phones, member)
    assert [said(one) for one in events] == [
        ("appointed", ["care"], None, False),
        ("roles_changed", ["care", "dealer"], None, False),
        ("dealership_changed", ["care", "dealer"], place, False),
        ("disabled", ["care", "dealer"], place, True),
        ("enabled", ["care", "dealer"], place, False),
        ("removed", [], None, False),
    ]
    versions = [one["version"] for one in events]
    assert versions == sorted(set(versions))


async def test_a_closed_account_of_a_member_has_one_version_for_both_tellings(hire, phones):
    admin, member = await hire("admin"), await hire("care")
    path = f"/staff/customers/{member.id}/disablement"
    await admin.post(path, {"reason": "fraud"}, 204)
    await admin.delete(path)
    _, disabled, enabled = await told(phones, member)
    for name, of_member in ((CustomerDisabled.name, disabled), (CustomerEnabled.name, enabled)):
        (one,) = [one for one in await phones.events(name) if one["customer_id"] == member.id]
        assert one["version"] == of_member["version"]


async def test_whose_roles_change_is_logged_out_and_that_is_told_too(hire, phones):
    admin, member = await hire("admin"), await hire("care")
    await admin.put(f"{MEMBERS}/{member.id}/roles", {"roles": ["finance"]})
    ends = [one for one in await phones.events(SessionsEnded.name) if one["customer_id"] == member.id]
    assert [(one["scope"], one["reason"]) for one in ends] == [("all", "roles_changed")]


async def test_what_changes_nothing_or_is_refused_is_not_told(hire, phones, service):
    admin, member = await hire("admin"), await hire("care")
    before = await told(phones, member)
    await admin.put(f"{MEMBERS}/{member.id}/roles", {"roles": ["care"]})
    await admin.put(f"{MEMBERS}/{member.id}/dealership", {"dealership_id": str(uuid4())}, 422)
    await admin.put(f"{MEMBERS}/{member.id}/roles", {"roles": ["admin"]}, 202)
    again = {name: member.form[name] for name in ("national_code", "mobile", "password", "first_name")}
    await appoint_staff(service, **again, last_name=member.form["last_name"], roles=["care"])
    assert await told(phones, member) == before
