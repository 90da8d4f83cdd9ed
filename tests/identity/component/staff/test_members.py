"""Who works here: listed, changed with four eyes where it matters, bound to a dealership, removed."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.auth import TokenVerifier
from identity.staff.testing import checked, logged_in, trail
from identity.testing import Json, registered

MEMBERS = "/staff/members"


async def principal_of(service, tokens):
    verifier: TokenVerifier = service.verifier
    return await verifier.verify(tokens["access_token"])


async def test_the_staff_is_listed_page_by_page_without_buyers(hire, api, phones):
    admin, dealer = await hire("admin"), await hire("dealer")
    buyer = await registered(api, phones)
    found: list[Json] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await admin.get(f"{MEMBERS}{cursor and f'?cursor={cursor}'}")
        found, cursor = found + page["items"], page["next_cursor"]
    ids = [member["member_id"] for member in found]
    assert {admin.id, dealer.id} <= set(ids)
    assert buyer.customer_id not in ids
    assert len(ids) == len(set(ids))
    [one] = [member for member in found if member["member_id"] == dealer.id]
    assert one["roles"] == ["dealer"]
    assert dealer.form["mobile"] not in str(found)


async def test_who_is_no_member_is_not_found(hire, api, phones):
    admin, buyer = await hire("admin"), await registered(api, phones)
    for path in (f"{MEMBERS}/{buyer.customer_id}", f"{MEMBERS}/{uuid4()}"):
        await admin.get(path, 404)
        await admin.put(f"{path}/roles", {"roles": ["care"]}, 404)
        await admin.delete(path, 404)


async def test_changed_roles_count_from_the_next_login(hire, service, phones):
    admin, member = await hire("admin"), await hire("operator")
    changed = await admin.put(f"{MEMBERS}/{member.id}/roles", {"roles": ["care", "finance"]})
    assert changed["roles"] == ["care", "finance"]
    checked(await member.call("GET", "/me"), 401)
    refreshed = await member.api.post("/sessions/refresh", {"refresh_token": member.tokens["refresh_token"]})
    assert refreshed.status_code == 401
    principal = await principal_of(service, await logged_in(member.api, phones, member.form))
    assert principal.roles == {"care", "finance"}


async def test_a_dealer_is_bound_to_a_dealership_and_the_token_says_which(hire, service, phones):
    admin, dealer = await hire("admin"), await hire("dealer")
    dealership = uuid4()
    bound = await admin.put(f"{MEMBERS}/{dealer.id}/dealership", {"dealership_id": str(dealership)})
    assert bound["dealership_id"] == str(dealership)
    tokens = await logged_in(dealer.api, phones, dealer.form)
    assert (await principal_of(service, tokens)).dealership == dealership
    again = await dealer.api.post("/sessions/refresh", {"refresh_token": tokens["refresh_token"]})
    assert (await principal_of(service, again.json())).dealership == dealership
    await admin.put(f"{MEMBERS}/{dealer.id}/roles", {"roles": ["care"]})
    assert (await admin.get(f"{MEMBERS}/{dealer.id}"))["dealership_id"] is None


async def test_only_a_dealer_is_bound_to_a_dealership(hire):
    admin, care = await hire("admin"), await hire("care")
    place = {"dealership_id": str(uuid4())}
    refused = await admin.put(f"{MEMBERS}/{care.id}/dealership", place, 422)
    assert refused["code"] == "dealership_without_dealer"
    await admin.put(f"{MEMBERS}/{care.id}/roles", {"roles": ["care"], **place}, 422)


async def test_who_is_removed_is_a_buyer_and_logged_out(hire, service, phones):
    admin, member = await hire("admin"), await hire("manager")
    await admin.delete(f"{MEMBERS}/{member.id}")
    checked(await member.call("GET", "/sessions"), 401)
    await admin.get(f"{MEMBERS}/{member.id}", 404)
    last = (await trail(service, member.id))[-1]
    assert (last.action, last.actor, last.roles) == ("identity.staff.removed", last.actor, ["admin"])
    assert str(last.actor) == admin.id
    assert last.details["from"] == ["manager"]


@pytest.mark.parametrize("roles", [[], ["emperor"], ["admin", ""], "admin", None])
async def test_roles_that_do_not_exist_are_refused(hire, roles):
    admin, member = await hire("admin"), await hire("care")
    await admin.put(f"{MEMBERS}/{member.id}/roles", {"roles": roles}, 422)
    await admin.put(f"{MEMBERS}/{member.id}/roles", {"roles": ["care"], "appointed_at": "2020-01-01"}, 422)


async def test_nobody_changes_their_own_roles(hire):
    admin = await hire("admin")
    for ask in (
        admin.put(f"{MEMBERS}/{admin.id}/roles", {"roles": ["admin", "finance"]}, 403),
        admin.put(f"{MEMBERS}/{admin.id}/dealership", {"dealership_id": None}, 403),
        admin.delete(f"{MEMBERS}/{admin.id}", 403),
    ):
        assert (await ask)["code"] == "own_roles"


async def test_an_admin_is_made_by_two_others(hire, service):
    first, second, member = await hire("admin"), await hire("admin"), await hire("manager")
    proposed = await first.put(f"{MEMBERS}/{member.id}/roles", {"roles": ["admin"]}, 202)
    confirmation = f"{MEMBERS}/role-changes/{proposed['change_id']}/confirmation"
    assert (await first.post(confirmation, status=403))["code"] == "same_person"
    assert (await second.get(f"{MEMBERS}/{member.id}"))["roles"] == ["manager"]
    waiting = (await second.get(f"{MEMBERS}/role-changes"))["items"]
    assert proposed in waiting
    assert (await second.post(confirmation))["roles"] == ["admin"]
    assert (await second.post(confirmation, status=409))["code"] == "already_decided"
    told = [entry.action for entry in await trail(service, member.id)]
    steps = ("roles_proposed", "viewed", "roles_decided", "roles_changed")
    assert told == [f"identity.staff.{step}" for step in steps]


async def test_nobody_confirms_that_they_become_an_admin_themselves(hire):
    """Not even who was made one by others meanwhile."""
    first, second, member = await hire("admin"), await hire("admin"), await hire("care")
    earlier = await first.put(f"{MEMBERS}/{member.id}/roles", {"roles": ["admin"]}, 202)
    path = f"{MEMBERS}/role-changes/{earlier['change_id']}"
    await member.post(f"{path}/confirmation", status=403)
    await second.post(f"{path}/refusal", status=204)
    assert (await second.post(f"{path}/confirmation", status=409))["code"] == "already_decided"
    assert (await first.get(f"{MEMBERS}/{member.id}"))["roles"] == ["care"]


async def test_a_proposal_is_over_after_a_week(hire, service):
    first, second, member = await hire("admin"), await hire("admin"), await hire("care")
    proposed = await first.put(f"{MEMBERS}/{member.id}/roles", {"roles": ["admin"]}, 202)
    async with service.database.transaction() as session:
        aged = text("UPDATE role_changes SET proposed_at = proposed_at - interval '7 days' WHERE id = :id")
        await session.execute(aged, {"id": proposed["change_id"]})
    await second.post(f"{MEMBERS}/role-changes/{proposed['change_id']}/confirmation", status=404)


async def test_one_admin_always_remains(hire, service):
    """Two admins who remove each other at once: one of them stays."""
    async with service.database.transaction() as session:
        await session.execute(text("UPDATE customers SET roles = '{}' WHERE 'admin' = ANY(roles)"))
    first, second = await hire("admin"), await hire("admin")
    answers = await asyncio.gather(
        first.call("DELETE", f"{MEMBERS}/{second.id}"), second.call("DELETE", f"{MEMBERS}/{first.id}")
    )
    assert min(answer.status_code for answer in answers) == 204
    async with service.database.transaction() as session:
        left = await session.scalar(text("SELECT count(*) FROM customers WHERE 'admin' = ANY(roles)"))
    assert left == 1


async def test_one_admin_always_remains_able_to_act(hire, service):
    """Two admins who disable each other at once: one of them stays; nor does a disabled one count."""
    async with service.database.transaction() as session:
        await session.execute(text("UPDATE customers SET roles = '{}' WHERE 'admin' = ANY(roles)"))
    first, second = await hire("admin"), await hire("admin")

    def disablement(of):
        return f"/staff/customers/{of.id}/disablement", {"reason": "suspected_theft"}

    answers = await asyncio.gather(
        first.call("POST", *disablement(second)), second.call("POST", *disablement(first))
    )
    assert min(answer.status_code for answer in answers) == 204
    async with service.database.transaction() as session:
        able = "SELECT id FROM customers WHERE 'admin' = ANY(roles) AND disabled_at IS NULL"
        [left] = await session.scalars(text(able))
    remaining, disabled = (first, second) if str(left) == first.id else (second, first)
    await remaining.delete(f"{MEMBERS}/{disabled.id}")
