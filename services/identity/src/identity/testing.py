"""What tests of identity need: a caller, a mobile phone, and people who are not there yet."""

import json
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
from sqlalchemy import text

from chassis.crypto import Keyring, new_key
from chassis.database import Database
from chassis.json import loads
from events.identity import CodeIssued
from identity.config import Settings
from iran import samples

PASSWORD = "پنجره‌ی باز رو به دریا"
_numbers = count(1)

Json = dict[str, Any]


def new_settings(database_url: str = "", **changes: Any) -> Settings:
    """Settings with keys of their own and quick hashing."""
    fresh = {
        "database_url": database_url,
        "amqp_url": "",
        "data_keys": f"d1:{new_key()}",
        "event_keys": f"e1:{new_key()}",
        "index_key": new_key(),
        "code_key": new_key(),
        "hash_workers": 2,
        "hash_memory_kib": 1024,
        "staff_totp_after": 30 * 24 * 3600,
    }
    return Settings.model_validate({**fresh, **changes})


class Api:
    """The API as the gateway calls it, from one client address; keywords are headers."""

    def __init__(self, client: httpx.AsyncClient, address: str | None = None) -> None:
        n = next(_numbers)
        self._client = client
        self._address = address or f"10.{n // 62500}.{n // 250 % 250}.{n % 250 + 1}"

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        fixed = {
            "X-Client-Address": self._address,
            "Accept-Language": "en",
            "Content-Type": "application/json",
        }
        content = None if body is None else json.dumps(body)
        return await self._client.request(
            method, f"/api/v1{path}", content=content, headers={**fixed, **named}
        )

    async def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        return await self.call("POST", path, body, **headers)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.call("GET", path, **headers)

    async def delete(self, path: str, **headers: str) -> httpx.Response:
        return await self.call("DELETE", path, **headers)

    def elsewhere(self) -> "Api":
        """The same API from another address."""
        return Api(self._client)


class Phones:
    """Everybody's mobile phone: reads the codes from the outbox, as notify would."""

    def __init__(self, database: Database, event_keys: str) -> None:
        self._database = database
        self._keyring = Keyring.parse(event_keys)

    async def events(self, name: str) -> list[Json]:
        """The recorded events of that name, the newest last."""
        recorded = text("SELECT message FROM outbox WHERE routing_key = :name ORDER BY id")
        async with self._database.transaction() as session:
            messages = await session.scalars(recorded, {"name": name})
            return [loads(message)["payload"] for message in messages]

    async def codes(self, mobile: str) -> list[str]:
        place = f"{CodeIssued.name}.delivery"
        events = await self.events(CodeIssued.name)
        opened = [self.open(event["delivery"], place) for event in events]
        return [delivery["code"] for delivery in opened if delivery["mobile"] == mobile]

    def open(self, sealed: str, place: str) -> Json:
        """What an event's sealed field holds; ``place`` is the event's name and the field's."""
        return self._keyring.open_object(sealed, place)

    async def last_code(self, mobile: str) -> str:
        return (await self.codes(mobile))[-1]


def form(**changes: object) -> Json:
    """The registration of somebody new."""
    n = next(_numbers)
    return {
        "national_code": str(samples.national_code(n)),
        "mobile": str(samples.mobile(n)),
        "password": PASSWORD,
        "first_name": "زهرا",
        "last_name": "محمدی",
        "father_name": "حسین",
        "birth_date": "1990-05-12",
        "gender": "female",
        "education": "کارشناسی",
        "occupation": "معلم",
        "iban": str(samples.sheba(n)),
        "address": {
            "province": "تهران",
            "city": "تهران",
            "street": "خیابان آزادی، پلاک ۱۲",
            "postal_code": str(samples.postal_code(n)),
        },
        **changes,
    }


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and the answer of their last login."""

    customer_id: str
    form: Json
    tokens: Json
    device_token: str

    @property
    def remembered(self) -> Json:
        """What logging in takes on the device of the registration."""
        return {**self.form, "device_token": self.device_token}

    @property
    def authorization(self) -> str:
        return f"Bearer {self.tokens['access_token']}"


async def registered(api: Api, phones: Phones, **changes: object) -> Person:
    """A person who went all the way: registered, activated, logged in."""
    typed = form(**changes)
    sent = (await api.post("/registrations", typed)).json()
    code = await phones.last_code(typed["mobile"])
    path = f"/registrations/{sent['registration_id']}/activation"
    activated = (await api.post(path, {"code": code})).json()
    tokens = (await log_in(api, typed)).json()
    return Person(activated["customer_id"], typed, tokens, activated["device_token"])


async def log_in(api: Api, typed: Json, **headers: str) -> httpx.Response:
    """With a password, on a remembered device if ``typed`` holds its token."""
    given = ("national_code", "password", "device_token")
    return await api.post("/sessions", {name: typed[name] for name in given if name in typed}, **headers)
