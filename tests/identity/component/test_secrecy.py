"""Personal data, codes and tokens are nowhere but where they belong."""

import json
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy import text

from chassis.service import Service
from chassis.testing.clock import MovableClock
from identity.testing import PASSWORD, Api, Json, Phones, form, log_in

BINARY_AND_TEXT = text(
    """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type IN ('text', 'bytea', 'character varying', 'ARRAY', 'jsonb')
    """
)


def secrets_of(typed: Json) -> dict[str, str]:
    """What a stolen copy must not show, by what it is."""
    named = (
        "national_code",
        "mobile",
        "iban",
        "first_name",
        "last_name",
        "father_name",
        "occupation",
        "email",
    )
    address = {name: typed["address"][name] for name in ("street", "postal_code")}
    return {**{name: typed[name] for name in named}, **address, "password": typed["password"]}


async def dump(service: Service) -> dict[str, bytes]:
    """Every text and binary value of the database, by column."""
    async with service.database.transaction() as session:
        columns = (await session.execute(BINARY_AND_TEXT)).all()
        found = {}
        for table, column in columns:
            values = await session.scalars(text(f'SELECT "{column}" FROM "{table}"'))  # noqa: S608 - own names
            found[f"{table}.{column}"] = b"\0".join(map(_as_bytes, values))
        return found


def _as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def revealing(secret: str) -> list[bytes]:
    """The ways in which a text would be found: as it is, and as JSON escapes it."""
    return [secret.encode(), json.dumps(secret)[1:-1].encode()]


@pytest.fixture
def typed() -> Json:
    return form(
        first_name="شهرناز",
        last_name="رازدار",
        father_name="پوشیده",
        occupation="رازنگهدار",
        email="sealed@example.com",
    )


async def test_a_copy_of_the_database_shows_nothing_personal_and_no_secret(
    api: Api, phones: Phones, service: Service, clock: MovableClock, typed: Json
) -> None:
    sent = (await api.post("/registrations", typed, Idempotency_Key="secrecy-1")).json()
    code = await phones.last_code(typed["mobile"])
    before = await dump(service)
    path = f"/registrations/{sent['registration_id']}/activation"
    await api.post(path, {"code": code}, Idempotency_Key="secrecy-2")
    tokens = (await log_in(api, typed)).json()
    await api.post("/sessions/code", {"national_code": typed["national_code"], "mobile": typed["mobile"]})
    await log_in(api, {**typed, "password": "a wrong password"})
    after = await dump(service)

    secrets = {
        **secrets_of(typed),
        "refresh token": tokens["refresh_token"],
        "access": tokens["access_token"],
    }
    for column, content in [*before.items(), *after.items()]:
        for name, secret in secrets.items():
            assert not any(form in content for form in revealing(secret)), f"{name} in {column}"
    assert _columns_with(code, before) == set()


def _columns_with(code: str, content: dict[str, bytes]) -> set[str]:
    """Six digits also occur by chance: only columns that hold nothing random count."""
    random = {
        "code_mac",
        "national_code_index",
        "mobile_index",
        "name",
        "message",
        "key",
        "scope",
        "fingerprint",
        "answer",
    }
    return {
        column
        for column, values in content.items()
        if code.encode() in values and column.split(".")[1] not in random
    }


async def test_a_code_is_kept_only_as_a_mac(api: Api, phones: Phones, service: Service, typed: Json) -> None:
    await api.post("/registrations", typed)
    code = await phones.last_code(typed["mobile"])
    async with service.database.transaction() as session:
        kept = [dict(row) for row in (await session.execute(text("SELECT * FROM challenges"))).mappings()]
        message = await session.scalar(text("SELECT message FROM outbox ORDER BY id DESC LIMIT 1"))
    assert all(len(row["code_mac"]) == 64 for row in kept)
    payload = json.loads(message or b"")["payload"]
    assert payload.keys() == {"version", "challenge_id", "purpose", "expires_at", "delivery"}
    assert code not in payload["delivery"]


async def test_a_code_is_worthless_to_send_after_its_time(
    api: Api, service: Service, clock: MovableClock, typed: Json
) -> None:
    sent = (await api.post("/registrations", typed)).json()
    async with service.database.transaction() as session:
        expires_at = await session.scalar(text("SELECT expires_at FROM outbox ORDER BY id DESC LIMIT 1"))
    assert expires_at is not None
    assert expires_at.isoformat() == sent["expires_at"].replace("Z", "+00:00")


@pytest.fixture
def logged() -> Iterator[list[structlog.typing.EventDict]]:
    with structlog.testing.capture_logs() as events:
        yield events


async def test_logs_name_ids_and_nobody(
    api: Api, phones: Phones, typed: Json, logged: list[structlog.typing.EventDict]
) -> None:
    sent = (await api.post("/registrations", typed)).json()
    code = await phones.last_code(typed["mobile"])
    await api.post(f"/registrations/{sent['registration_id']}/activation", {"code": "0" * 6})
    await api.post(f"/registrations/{sent['registration_id']}/activation", {"code": code})
    tokens = (await log_in(api, typed)).json()
    await log_in(api, {**typed, "password": "wrong password"})
    for _ in range(2):
        await api.post("/sessions/refresh", {"refresh_token": tokens["refresh_token"]})

    names = {event["event"] for event in logged}
    assert {"identity.registration.opened", "identity.session.token_reused"} <= names
    text_of_logs = "\n".join(map(repr, logged))
    for secret in (*secrets_of(typed).values(), PASSWORD, f"'{code}'", tokens["refresh_token"]):
        assert secret not in text_of_logs


async def test_answers_never_hold_the_code(api: Api, phones: Phones, typed: Json) -> None:
    sent = await api.post("/registrations", typed)
    code = await phones.last_code(typed["mobile"])
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    refused = await api.post(f"/registrations/{sent.json()['registration_id']}/activation", {"code": wrong})
    without_ids = {key: value for key, value in sent.json().items() if key != "registration_id"}
    assert code not in str({**without_ids, "expires_at": ""})
    assert code not in str({**refused.json(), "trace_id": ""})
