"""What is wrong with a request is told: all of it, in the caller's language, and nothing of it repeated."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from chassis.service import MAX_BODY_BYTES
from chassis.testing.clock import MovableClock
from iran import Invalid, Mobile, NationalCode, Sheba
from iran.samples import card, mobile, national_code, postal_code, sheba

FORMS = "/api/v1/forms"
JSON = {"Content-Type": "application/json"}
ADDRESS = {"postal_code": postal_code(1), "street": "ولیعصر"}
GOOD: dict[str, Any] = {
    "national_code": national_code(1),
    "mobile": mobile(1),
    "iban": sheba(1),
    "card": card(1),
    "price": 9_000_000_000,
    "count": 1,
    "agreed": True,
    "born": "1990-01-01",
    "at": "2026-11-22T08:00:00Z",
    "plan_id": "0199a1b2-0000-7000-8000-000000000001",
    "kind": "draw",
    "address": ADDRESS,
    "choices": [ADDRESS],
}
MARK = "typed-by-a-person"
WRONG: dict[str, Any] = {
    "national_code": f"{MARK}-1",
    "mobile": f"{MARK}-2",
    "iban": f"{MARK}-3",
    "card": f"{MARK}-4",
    "price": f"{MARK}-5",
    "count": f"{MARK}-6",
    "agreed": f"{MARK}-7",
    "born": f"{MARK}-8",
    "at": f"{MARK}-9",
    "plan_id": f"{MARK}-10",
    "kind": f"{MARK}-11",
    "address": {"postal_code": f"{MARK}-12", "street": MARK * 9, "other": MARK},
    "choices": [ADDRESS, {"postal_code": MARK}],
    "admin": f"{MARK}-13",
}


def errors_of(answer: httpx.Response) -> dict[str, dict[str, str]]:
    assert answer.headers["content-type"] == "application/problem+json"
    return {error["field"]: error for error in answer.json()["errors"]}


async def test_a_good_form_is_accepted_in_persian_digits_too(client):
    answer = await client.post(FORMS, json=GOOD | {"mobile": "+98 ۹۱۲ ۳۴۵ ۶۷۸۹"})
    assert answer.status_code == 201, answer.text


async def test_every_wrong_field_is_named_at_once(client):
    answer = await client.post(FORMS, json=WRONG)
    assert answer.status_code == 422
    assert set(errors_of(answer)) == (
        set(WRONG) - {"address", "choices"}
        | {
            "address.postal_code",
            "address.street",
            "address.other",
            "choices.1.postal_code",
            "choices.1.street",
        }
    )


async def test_every_missing_field_is_named_at_once(client):
    answer = await client.post(FORMS, json={})
    errors = errors_of(answer)
    assert set(errors) == set(GOOD)
    assert {error["code"] for error in errors.values()} == {"missing"}


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_what_a_person_typed_is_not_repeated(client, language: str):
    answer = await client.post(FORMS, json=WRONG, headers={"Accept-Language": language})
    assert MARK not in answer.text
    assert "input" not in answer.json()
    for error in answer.json()["errors"]:
        assert set(error) == {"field", "code", "message"}


async def test_a_wrong_query_is_not_repeated(client):
    answer = await client.get("/api/v1/searches", params={"plan_id": MARK, "limit": MARK})
    assert set(errors_of(answer)) == {"plan_id", "limit"}
    assert MARK not in answer.text


@pytest.mark.parametrize(
    ("field", "kind", "text"),
    [
        ("national_code", NationalCode, "0012345670"),
        ("national_code", NationalCode, "1111111111"),
        ("mobile", Mobile, "0812"),
        ("iban", Sheba, "IR062960000000100324200002"),
    ],
)
async def test_value_types_say_in_both_languages_what_is_wrong(
    client, field: str, kind: type[str], text: str
):
    with pytest.raises(Invalid) as refusal:
        kind(text)
    for language, sentence in (("fa", refusal.value.message_fa), ("en", refusal.value.message_en)):
        answer = await client.post(FORMS, json=GOOD | {field: text}, headers={"Accept-Language": language})
        assert errors_of(answer)[field] == {"field": field, "code": refusal.value.code, "message": sentence}
        assert answer.headers["content-language"] == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "fa"),
        ("fa, en", "fa"),
        ("en;q=0.9, fa;q=0.8", "en"),
        ("fa-IR;q=0.5, en-US;q=0.4", "fa"),
        ("de", "fa"),
    ],
)
async def test_the_answer_is_in_the_language_that_is_asked_for(client, header: str | None, language: str):
    headers = {} if header is None else {"Accept-Language": header}
    answer = await client.post(FORMS, json={}, headers=headers)
    assert answer.headers["content-language"] == language
    assert ("required" in answer.json()["errors"][0]["message"]) == (language == "en")


BROKEN = {
    "nothing closed": b'{"a": [1, 2',
    "single quotes": b"{'a': 1}",
    "a trailing comma": b'{"a": 1,}',
    "two documents": b"{} {}",
    "no UTF-8": b'{"a": "\xff\xfe"}',
    "deeper than any form": b'{"a":' + b"[" * 100_000,
    "an endless number": b'{"count":' + b"9" * 10_000 + b"}",
    "HTML": b"<form></form>",
    "spaces": b"   ",
}


@pytest.mark.parametrize("body", BROKEN)
async def test_malformed_json_is_told_as_such(client, body: str):
    answer = await client.post(FORMS, content=BROKEN[body], headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed_json"
    assert "errors" not in answer.json()


@pytest.mark.parametrize("document", [[], "text", 1, True, [GOOD]])
async def test_a_form_is_an_object(client, document: object):
    answer = await client.post(FORMS, json=document)
    assert errors_of(answer)[""]["code"] == "model_attributes_type"


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e400", "1.5", "1e3", "-1", "null", '""']
)
async def test_odd_numbers_are_refused(client, number: str):
    body = json.dumps(GOOD).replace('"count": 1', f'"count": {number}')
    answer = await client.post(FORMS, content=body, headers=JSON)
    assert set(errors_of(answer)) == {"count"}


@pytest.mark.parametrize("name", ["\ud800", "\x00", "\x1b[31m", "a.b", "__proto__", "ن" * 3000])
async def test_an_odd_field_is_refused_and_its_name_kept_short(client, name: str):
    answer = await client.post(FORMS, content=json.dumps(GOOD | {name: 1}), headers=JSON)
    assert answer.status_code == 422
    assert len(answer.content) < 2000


async def test_a_flood_of_unknown_fields_is_answered_briefly(client):
    answer = await client.post(FORMS, json={f"field{number}": 1 for number in range(5000)})
    assert answer.status_code == 422
    assert len(answer.content) < 30_000


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
async def test_a_body_of_another_kind_is_refused(client, kind: str | None):
    headers = {} if kind is None else {"Content-Type": kind}
    answer = await client.post(FORMS, content=json.dumps(GOOD), headers=headers)
    assert answer.status_code == 415
    assert answer.json()["code"] == "unsupported_media_type"


async def test_a_body_that_announces_too_much_is_refused(client):
    answer = await client.post(FORMS, content=b" " * (MAX_BODY_BYTES + 1), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("length", ["10000000", "-1", "1e3", "many", "²"])
async def test_a_length_that_cannot_be_is_refused(client, length: str):
    headers = [(b"content-length", length.encode("latin-1")), (b"content-type", b"application/json")]
    answer = await client.post(FORMS, content=b"{}", headers=headers)
    assert answer.status_code == 413


async def test_a_body_that_grows_too_large_is_refused(client):
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100 * MAX_BODY_BYTES:
            sent += 65_536
            yield b" " * 65_536

    answer = await client.post(FORMS, content=endless(), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert sent < 2 * MAX_BODY_BYTES


async def test_a_body_of_just_the_limit_is_read(client):
    body = json.dumps(GOOD).encode()
    answer = await client.post(FORMS, content=body.ljust(MAX_BODY_BYTES), headers=JSON)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "key", ["short", "has a space", "کلید‌یکتای‌من", "x" * 256, "tab\tinside", "\x1b[31mred"]
)
async def test_an_idempotency_key_is_printable_and_bounded(client, key: str):
    answer = await client.post("/api/v1/keys", headers=[(b"idempotency-key", key.encode())])
    assert set(errors_of(answer)) == {"Idempotency-Key"}


async def test_a_good_idempotency_key_arrives(client):
    key = MovableClock()().isoformat()
    answer = await client.post("/api/v1/keys", headers={"Idempotency-Key": key})
    assert answer.json() == {"key": key}
