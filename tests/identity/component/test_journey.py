"""From an empty form to a login, as a buyer's frontend does it."""

from identity.testing import Api, Phones, form, log_in, registered
from iran import to_persian_digits


async def test_a_person_registers_activates_and_logs_in(api: Api, phones: Phones) -> None:
    typed = form()

    sent = await api.post("/registrations", typed)
    assert sent.status_code == 202
    assert sent.json().keys() == {"registration_id", "expires_at", "resend_after"}

    path = f"/registrations/{sent.json()['registration_id']}/activation"
    activated = await api.post(path, {"code": await phones.last_code(typed["mobile"])})
    assert activated.status_code == 201

    tokens = await log_in(api, typed)
    assert tokens.status_code == 201
    assert tokens.json().keys() == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (tokens.json()["token_type"], tokens.json()["expires_in"]) == ("Bearer", 600)

    me = await api.get("/me", Authorization=f"Bearer {tokens.json()['access_token']}")
    assert me.status_code == 200
    assert me.json()["customer_id"] == activated.json()["customer_id"]


async def test_persian_digits_are_accepted_everywhere(api: Api, phones: Phones) -> None:
    typed = form(birth_date="۱۹۹۰-۰۵-۱۲")
    persian = {
        **typed,
        "national_code": to_persian_digits(typed["national_code"]),
        "mobile": to_persian_digits(typed["mobile"]),
        "iban": to_persian_digits(typed["iban"]),
    }
    sent = (await api.post("/registrations", persian)).json()
    code = to_persian_digits(await phones.last_code(typed["mobile"]))
    path = f"/registrations/{sent['registration_id']}/activation"

    assert (await api.post(path, {"code": code})).status_code == 201
    assert (await log_in(api, {**persian})).status_code == 201


async def test_the_account_shows_numbers_masked(api: Api, phones: Phones) -> None:
    person = await registered(api, phones)

    me = (await api.get("/me", Authorization=person.authorization)).json()

    assert me["national_code"] == "*******" + person.form["national_code"][-3:]
    assert me["mobile"] == person.form["mobile"][:4] + "*****" + person.form["mobile"][-2:]
    assert me["iban"] == person.form["iban"][:4] + "*" * 18 + person.form["iban"][-4:]
    assert (me["first_name"], me["address"]["province"]) == ("زهرا", "تهران")
