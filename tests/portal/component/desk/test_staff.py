"""Members of the staff: invited, given roles, taken off; what needs a second admin waits for one."""

from typing import Any

from portal.testing import AT, COLLEAGUE, ME, changed

ID = "019a0000-0000-7000-8000-000000000001"
MEMBER = "019a0000-0000-7000-8000-000000000002"
DEALER = {"dealership_id": ID, "name": "نمایندگی ۱۰۱", "city": "ری"}
API = "/staff/members"


def member(**values: Any) -> dict[str, Any]:
    return {
        "member_id": MEMBER, "first_name": "سارا", "last_name": "نوری", "mobile": "0912***0000",
        "roles": ["dealer"], "dealership_id": None, "appointed_at": AT, **values,
    }  # fmt: skip


def invitation(**values: Any) -> dict[str, Any]:
    return {
        "invitation_id": ID, "state": "awaiting_confirmation", "first_name": "رضا", "last_name": "نوری",
        "mobile": "0912***0001", "roles": ["admin"], "dealership_id": None, "invited_by": COLLEAGUE,
        "invited_at": AT, "expires_at": AT, **values,
    }  # fmt: skip


def roles_wait(**values: Any) -> dict[str, Any]:
    return {
        "change_id": ID, "member_id": MEMBER, "roles": ["admin"], "dealership_id": None,
        "proposed_by": COLLEAGUE, "proposed_at": AT, **values,
    }  # fmt: skip


def staff_is(fake, invitations: list[Any], changes: list[Any]) -> None:
    fake.say("GET", API, 200, {"items": [member()], "next_cursor": MEMBER})
    fake.say("GET", f"{API}/invitations", 200, {"items": invitations, "next_cursor": None})
    fake.say("GET", f"{API}/role-changes", 200, {"items": changes})


async def test_an_admin_decides_on_what_others_began_and_not_on_the_own(browser, fake, sign_in):
    await sign_in("admin")
    staff_is(fake, [invitation()], [roles_wait()])
    page = await browser.get(API)
    assert all(f'value="{deed}"' in page.text for deed in ("confirm_roles", "confirm_invitation"))
    assert f"cursor={MEMBER}" in page.text
    fake.say("POST", f"{API}/role-changes/{ID}/confirmation", 200, member())
    fake.say("DELETE", f"{API}/invitations/{ID}", 204)
    assert (await browser.send_form(API, deed="confirm_roles", of=ID)).status_code == 303
    assert (await browser.send_form(API, deed="withdraw_invitation", of=ID)).status_code == 303
    assert (await browser.send_form(API, deed="confirm_roles", of="../x")).status_code == 422
    assert [path for _, path, _ in changed(fake.asked)] == [
        f"{API}/role-changes/{ID}/confirmation",
        f"{API}/invitations/{ID}",
    ]
    staff_is(fake, [invitation(invited_by=ME)], [roles_wait(proposed_by=ME)])
    page = await browser.get(API)
    assert not any(f'value="{deed}"' in page.text for deed in ("confirm_roles", "confirm_invitation"))
    assert 'value="withdraw_invitation"' in page.text


async def test_an_auditor_sees_the_staff_and_changes_nothing(browser, fake, sign_in):
    await sign_in("auditor")
    staff_is(fake, [invitation()], [roles_wait()])
    page = await browser.get(API)
    assert (page.status_code, 'name="deed"' in page.text, "/new" in page.text) == (200, False, False)


async def test_somebody_is_invited_with_roles(browser, fake, sign_in):
    await sign_in("admin")
    fake.say("GET", "/dealerships", 200, {"items": [DEALER]})
    fake.say("POST", f"{API}/invitations", 201, invitation(state="sent"))
    person = {
        "first_name": "رضا",
        "last_name": "نوری",
        "national_code": "۰۴۹۹۳۷۰۸۹۹",
        "mobile": "09120000001",
    }
    values = {**person, "roles": ["dealer", "operator"], "dealership_id": ID, "key": "k"}
    answer = await browser.send_form("/staff/invitations/new", **values)
    assert answer.headers["location"] == API
    body = {**person, "roles": ["dealer", "operator"], "dealership_id": ID}
    assert changed(fake.asked) == [("POST", f"{API}/invitations", body)]
    assert fake.asked[-1].headers["idempotency-key"] == "k"
    wrong = [{"field": "roles", "message": "دست‌کم یک نقش.", "code": "too_short"}]
    problem = {"code": "validation_failed", "detail": "درست نیست.", "errors": wrong}
    fake.say("POST", f"{API}/invitations", 422, problem)
    page = await browser.send_form("/staff/invitations/new", **person)
    assert (page.status_code, 'id="roles-wrong"' in page.text, 'value="رضا"' in page.text) == (
        422,
        True,
        True,
    )


async def test_a_members_roles_change_or_wait_for_a_second_admin(browser, fake, sign_in):
    await sign_in("admin")
    place = f"{API}/{MEMBER}"
    fake.say("GET", place, 200, member(dealership_id=COLLEAGUE))
    fake.say("GET", "/dealerships", 200, {"items": [DEALER]})
    page = await browser.get(place)
    assert f'<option value="{COLLEAGUE}" selected>' in page.text
    assert 'value="dealer" checked' in page.text
    fake.say("PUT", f"{place}/roles", 202, roles_wait())
    answer = await browser.send_form(place, deed="roles", roles=["admin"], dealership_id="")
    assert answer.headers["location"] == place
    assert changed(fake.asked)[-1][2] == {"roles": ["admin"], "dealership_id": None}
    assert "سرپرست دیگری" in (await browser.get(place)).text
    fake.say("PUT", f"{place}/dealership", 200, member())
    await browser.send_form(place, deed="dealership", dealership_id=ID)
    assert changed(fake.asked)[-1][2] == {"dealership_id": ID}
    fake.say("DELETE", place, 409, {"code": "last_admin", "detail": "آخرین سرپرست است."})
    page = await browser.send_form(place, deed="removal")
    assert (page.status_code, "آخرین سرپرست است." in page.text) == (409, True)


async def test_nobody_is_offered_the_own_roles(browser, fake, sign_in):
    await sign_in("admin")
    fake.say("GET", f"{API}/{ME}", 200, member(member_id=ME))
    fake.say("GET", "/dealerships", 200, {"items": []})
    assert 'name="deed"' not in (await browser.get(f"{API}/{ME}")).text
