"""Changing one's account and recovering it, over nothing but HTTP."""

from functools import partial

import httpx

from chassis.testing.eventually import eventually
from iran import samples, to_persian_digits
from nobat.testing.person import Person
from nobat.testing.visitor import Json, Visitor, answer

NEW_PASSWORD = "کوه و دریا ۱۴۰۵"


def fields(problem: Json) -> dict[str, str]:
    return {error["field"]: error["code"] for error in problem["errors"]}


async def edit(visitor: Visitor, **wanted: object) -> Json:
    return answer(await visitor.ask("PATCH", "/me", wanted), 200)


async def test_a_lost_registration_is_found_and_continued(
    api: httpx.AsyncClient, simulators: httpx.AsyncClient
) -> None:
    visitor = Visitor(api, simulators, Person.random())
    registration_id = await visitor.register()
    found = await visitor.get(f"/registrations/{registration_id}")
    assert (found["state"], found["tries_left"]) == ("awaiting_code", 5)
    assert visitor.person.mobile not in str(found)
    await visitor.activate(registration_id, await visitor.new_code(after=0))
    assert (await visitor.get(f"/registrations/{registration_id}"))["state"] == "activated"


async def test_a_city_changes_at_once(buyer: Visitor) -> None:
    elsewhere = {"province": "تهران", "city": "ری", "postal_code": to_persian_digits("1834567890")}
    edited = await edit(buyer, address=elsewhere)
    assert (edited["applied"], edited["pending"]) == (["address"], [])
    me = await buyer.get("/me")
    assert (me["address"]["city"], me["address"]["postal_code"]) == ("ری", "1834567890")


async def test_a_wrong_edit_names_every_wrong_field(buyer: Visitor) -> None:
    wrong = {"national_code": "0499370899", "first_name": "9", "iban": "IR1", "roles": ["admin"]}
    refused = answer(await buyer.ask("PATCH", "/me", wrong), 422)
    assert fields(refused).keys() == wrong.keys()


async def test_a_name_waits_for_two_of_the_staff(buyer: Visitor, operator: Visitor, admin: Visitor) -> None:
    edited = await edit(buyer, last_name="رستمي")
    assert edited["pending"] == ["last_name"]
    approval = f"/staff/approvals/{edited['changes'][0]['change_id']}/approval"

    assert (await operator.post(approval, expected=200))["state"] == "pending"
    assert (await operator.post(approval, expected=403))["code"] == "four_eyes"
    assert (await buyer.get("/me"))["last_name"] == "حسینی"
    assert (await admin.post(approval, expected=200))["state"] == "approved"

    assert (await buyer.get("/me"))["last_name"] == "رستمی"
    await buyer.text_with("نام خانوادگی", "پذیرفته شد")


async def test_a_refusal_is_told_with_its_reason(buyer: Visitor, operator: Visitor) -> None:
    edited = await edit(buyer, iban=str(samples.sheba(777)))
    path = f"/staff/approvals/{edited['changes'][0]['change_id']}"
    seen = await operator.get(path)
    assert (seen["old"], seen["new"]) == (buyer.person.iban, samples.sheba(777))

    await operator.post(f"{path}/refusal", {"reason": "شبا به نام دیگری است"}, 200)

    await buyer.text_with("شبا", "پذیرفته نشد", "شبا به نام دیگری است")
    assert [row["state"] for row in (await buyer.get("/me/changes"))["items"]] == ["refused"]


async def test_a_forgotten_password_is_recovered_and_all_sessions_end(buyer: Visitor) -> None:
    sent = len(await buyer.codes())
    known = {"national_code": buyer.person.national_code, "mobile": to_persian_digits(buyer.person.mobile)}
    opened = await buyer.post("/password-resets", known, 202)
    code = to_persian_digits(await buyer.new_code(after=sent))
    secret = {"code": code, "new_password": NEW_PASSWORD}
    await buyer.post(f"/password-resets/{opened['reset_id']}", secret, 204)

    assert (await buyer.ask("GET", "/me")).status_code == 401
    await buyer.text_with("گذرواژه", "تغییر کرد")
    buyer.token = buyer.device_token = None
    await buyer.post("/sessions", buyer.credentials(), 401)
    credentials = {"national_code": buyer.person.national_code, "password": NEW_PASSWORD}
    due = await buyer.post("/sessions", credentials, 202)
    code = await buyer.new_code(after=sent + 1)
    buyer.keep(await buyer.post(f"/challenges/{due['challenge_id']}", {"code": code}))
    await buyer.get("/me")


async def test_a_stolen_refresh_token_ends_its_session_and_the_owner_is_told(buyer: Visitor) -> None:
    stolen = {"refresh_token": buyer.refresh_token}
    newer = await buyer.post("/sessions/refresh", stolen)
    assert (await buyer.post("/sessions/refresh", stolen, 401))["code"] == "session_ended"
    await buyer.post("/sessions/refresh", {"refresh_token": newer["refresh_token"]}, 401)
    await buyer.text_with("دو بار به کار رفت", "گذرواژه‌ی خود را عوض کنید")


async def test_the_policy_of_fields_is_decided_within_its_bounds(admin: Visitor, operator: Visitor) -> None:
    path = "/staff/field-policies"
    rows = {row["field"]: row for row in (await admin.get(path))["items"]}
    as_it_is = {name: rows["iban"][name] for name in ("handling", "approvals")}
    answer(await admin.ask("PUT", f"{path}/iban", as_it_is), 200)
    refused = answer(await admin.ask("PUT", f"{path}/iban", {"handling": "free"}), 422)
    assert fields(refused) == {"handling": "never_free"}
    await operator.get(path, 403)


async def test_a_new_mobile_is_proven_and_the_old_one_is_told(buyer: Visitor) -> None:
    new_mobile = Person.random().mobile
    wanted = {"mobile": to_persian_digits(new_mobile), "password": buyer.person.password}
    sent = await buyer.post("/me/mobile", wanted, 202)
    arrived = await eventually(partial(buyer.texts, new_mobile))
    code = arrived[0]["code"]
    confirmed = await buyer.post(
        "/me/mobile/confirmation", {"challenge_id": sent["challenge_id"], "code": code}, 200
    )

    assert confirmed["applied"] == ["mobile"]
    await buyer.text_with("شماره همراه حساب شما", new_mobile[:4])
    assert (await buyer.get("/me"))["mobile"].startswith(new_mobile[:4])
