"""What registering refuses, and what it does when asked twice."""

from typing import Any

import pytest

from chassis.testing.clock import MovableClock
from events.identity import RegistrationRepeated
from identity.testing import Api, Phones, form, registered


def fields(problem: dict[str, Any]) -> dict[str, str]:
    return {error["field"]: error["code"] for error in problem["errors"]}


async def test_every_wrong_field_is_named_at_once(api: Api) -> None:
    wrong = form(
        national_code="0499370898",
        mobile="0912",
        password="12345678",
        first_name="9",
        birth_date="1990-02-30",
        gender="other",
        email="nobody",
        iban="IR012345678901234567890123",
        surname="؟",
        address={"province": "ناکجا", "city": " ", "street": "x", "postal_code": "1"},
    )
    del wrong["last_name"]

    answer = await api.post("/registrations", wrong)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert fields(answer.json()) == {
        "national_code": "national_code_check_digit",
        "mobile": "mobile_format",
        "password": "password_common",
        "first_name": "person_name_format",
        "last_name": "missing",
        "birth_date": "date_from_datetime_parsing",
        "gender": "literal_error",
        "email": "string_pattern_mismatch",
        "iban": "sheba_check_digits",
        "surname": "extra_forbidden",
        "address.province": "province_unknown",
        "address.city": "string_too_short",
        "address.postal_code": "postal_code_format",
    }


async def test_a_refusal_repeats_nothing_of_what_was_typed(api: Api) -> None:
    typed = form(password="x" * 7, national_code="0499370898")
    answer = await api.post("/registrations", typed)
    assert not any(
        secret in answer.text for secret in ("x" * 7, "0499370898", typed["mobile"], typed["iban"])
    )


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"birth_date": "2999-01-01"}, "birth_date", "date_in_future"),
        ({"birth_date": "1899-12-31"}, "birth_date", "greater_than_equal"),
        ({"birth_date": 0}, "birth_date", "date_type"),
        ({"birth_date": None}, "birth_date", "date_type"),
        ({"password": "x" * 129}, "password", "string_too_long"),
        ({"password": "short"}, "password", "string_too_short"),
        ({"occupation": "\ud800"}, "occupation", "string_unicode"),
        ({"password": "\ud800" * 8}, "password", "string_unicode"),
        ({"mobile": "\ud800"}, "mobile", "mobile_format"),
        ({"first_name": "\u0000"}, "first_name", "person_name_format"),
        ({"address": "تهران"}, "address", "model_attributes_type"),
        ({"birth_certificate_number": "12a"}, "birth_certificate_number", "string_pattern_mismatch"),
        ({"roles": ["admin"]}, "roles", "extra_forbidden"),
        ({"customer_id": "1"}, "customer_id", "extra_forbidden"),
    ],
)
async def test_a_field_is_refused_with_its_rule(
    api: Api, change: dict[str, Any], field: str, code: str
) -> None:
    answer = await api.post("/registrations", form(**change))
    assert (answer.status_code, fields(answer.json())) == (422, {field: code})


async def test_ones_own_numbers_are_no_password(api: Api) -> None:
    typed = form()
    for password in (typed["national_code"], typed["mobile"]):
        answer = await api.post("/registrations", {**typed, "password": password})
        assert fields(answer.json()) == {"password": "password_own_number"}


async def test_the_same_key_gives_the_same_answer_and_one_code(api: Api, phones: Phones) -> None:
    typed = form()
    first = await api.post("/registrations", typed, Idempotency_Key="registration-1")
    again = await api.post("/registrations", typed, Idempotency_Key="registration-1")

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert len(await phones.codes(typed["mobile"])) == 1


async def test_the_same_key_with_another_password_is_refused(api: Api) -> None:
    typed = form()
    await api.post("/registrations", typed, Idempotency_Key="registration-2")
    other = {**typed, "password": "another good password"}
    answer = await api.post("/registrations", other, Idempotency_Key="registration-2")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_person_with_an_account_gets_the_same_answers_and_no_code(api: Api, phones: Phones) -> None:
    owner = await registered(api, phones)
    typed = form(national_code=owner.form["national_code"])

    sent = await api.post("/registrations", typed)
    assert sent.status_code == 202
    assert sent.json().keys() == {"registration_id", "expires_at", "resend_after"}
    assert await phones.codes(typed["mobile"]) == []

    path = f"/registrations/{sent.json()['registration_id']}"
    assert (await api.post(f"{path}/code")).status_code == 429
    left = [(await api.post(f"{path}/activation", {"code": "000000"})).json() for _ in range(6)]
    assert [answer.get("tries_left") for answer in left] == [4, 3, 2, 1, 0, None]
    assert left[5]["code"] == "too_many_attempts"


async def test_the_owner_is_told_at_most_once_an_hour(api: Api, phones: Phones, clock: MovableClock) -> None:
    owner = await registered(api, phones)

    async def told() -> int:
        events = await phones.events(RegistrationRepeated.name)
        return [event["customer_id"] for event in events].count(owner.customer_id)

    for _ in range(3):
        await api.post("/registrations", form(national_code=owner.form["national_code"]))
    assert await told() == 1
    clock.advance(hours=1)
    await api.post("/registrations", form(national_code=owner.form["national_code"]))
    assert await told() == 2


async def test_a_code_for_an_existing_account_is_not_sent_again_either(
    api: Api, phones: Phones, clock: MovableClock
) -> None:
    owner = await registered(api, phones)
    typed = form(national_code=owner.form["national_code"])
    sent = (await api.post("/registrations", typed)).json()
    clock.advance(seconds=60)

    assert (await api.post(f"/registrations/{sent['registration_id']}/code")).status_code == 202
    assert await phones.codes(typed["mobile"]) == []
