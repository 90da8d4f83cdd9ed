"""Somebody at the public API, with a telephone in the hand."""

import math
import time
from typing import Any
from uuid import uuid4

import httpx

from chassis.testing.eventually import eventually
from iran import Mobile, to_ascii_digits
from nobat.testing.bank_page import BankPage, go
from nobat.testing.person import Person
from nobat.testing.plan import order_form

Json = dict[str, Any]
API = "/api/v1"
SALES_PROCESSES = 6
"""As many requests in a row as meet every process."""


class Visitor:
    """``api`` asks the gateway, ``simulators`` are the bank and the telephone network.

    ``token`` is that of the last login, ``device_token`` what spares the next one a code. Methods that must
    succeed fail the test with the answer.
    """

    def __init__(self, api: httpx.AsyncClient, simulators: httpx.AsyncClient, person: Person) -> None:
        self.api = api
        self.simulators = simulators
        self.person = person
        self.token: str | None = None
        self.refresh_token: str | None = None
        self.device_token: str | None = None
        self._renew_at = math.inf

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        """One request, as who is logged in; a token that is about to end is renewed before."""
        if self.token and time.monotonic() > self._renew_at:
            self._renew_at = math.inf
            self.keep(await self.post("/sessions/refresh", {"refresh_token": self.refresh_token}))
        if self.token:
            headers = {"authorization": f"Bearer {self.token}"} | headers
        return await self.api.request(method, API + path, json=body, headers=headers)

    async def get(self, path: str, expected: int = 200) -> Json:
        return answer(await self.ask("GET", path), expected)

    async def post(
        self, path: str, body: object = None, expected: int = 201, *, key: str | None = None
    ) -> Json:
        """``key`` is the ``Idempotency-Key``."""
        headers = {"idempotency-key": key} if key else {}
        return answer(await self.ask("POST", path, body, **headers), expected)

    async def texts(self, mobile: Mobile | None = None) -> list[Json]:
        """The messages on the telephone, newest first."""
        inbox = await self.simulators.get(f"/sms/inbox/{mobile or self.person.mobile}")
        messages: list[Json] = inbox.raise_for_status().json()
        return messages

    async def text_with(self, *words: str) -> str:
        """The newest message that holds all the words, once it has arrived; its digits are ASCII."""

        async def look() -> str | None:
            texts = [to_ascii_digits(message["text"]) for message in await self.texts()]
            return next((text for text in texts if all(word in text for word in words)), None)

        return await eventually(look, lambda text: text is not None) or ""

    async def codes(self) -> list[str]:
        return [message["code"] for message in await self.texts() if message.get("code")]

    async def new_code(self, after: int) -> str:
        """The code that follows the first ``after`` ones."""
        codes = await eventually(self.codes, lambda found: len(found) > after)
        return codes[0]

    async def register(self, **changes: object) -> str:
        """Answers with the registration's id; the code is on its way."""
        opened = await self.post("/registrations", self.person.form(**changes), 202)
        return str(opened["registration_id"])

    async def activate(self, registration_id: str, code: str) -> str:
        activated = await self.post(f"/registrations/{registration_id}/activation", {"code": code})
        self.device_token = activated["device_token"]
        return str(activated["customer_id"])

    async def log_in(self) -> None:
        """With the password and, when it is asked for, the code."""
        sent = len(await self.codes())
        response = await self.ask("POST", "/sessions", self.credentials())
        if response.status_code == httpx.codes.ACCEPTED:
            code = await self.new_code(after=sent)
            response = await self.ask(
                "POST", f"/challenges/{response.json()['challenge_id']}", {"code": code}
            )
        self.keep(answer(response, 201))

    def credentials(self) -> Json:
        known = {"device_token": self.device_token} if self.device_token else {}
        return {"national_code": self.person.national_code, "password": self.person.password, **known}

    def keep(self, tokens: Json) -> None:
        self.token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]
        self.device_token = tokens.get("device_token", self.device_token)
        self._renew_at = time.monotonic() + tokens["expires_in"] / 2

    async def join(self, **changes: object) -> None:
        """From nobody to a logged-in customer; ``changes`` are to the registration's form."""
        sent = len(await self.codes())
        registration_id = await self.register(**changes)
        await self.activate(registration_id, await self.new_code(after=sent))
        await self.log_in()
        await self.text_with("فعال شد")

    async def order(self, plan: Json, dealership_id: str) -> Json:
        """Places an order for the plan's first car, as soon as sales knows the customer."""
        await self.until_eligible(plan)
        return await self.post("/orders", order_form(plan, dealership_id), key=str(uuid4()))

    async def until_known_everywhere(self, plan_id: str, state: str | None = None) -> None:
        """Waits until whichever process of sales is asked knows the published plan (in that state)."""

        async def look() -> bool:
            answers = [await self.ask("GET", f"/plans/{plan_id}") for _ in range(SALES_PROCESSES)]
            return all(
                found.is_success and (state is None or found.json()["state"] == state) for found in answers
            )

        await eventually(look)

    async def until_eligible(self, plan: Json) -> Json:
        async def check() -> Json:
            return await self.get(f"/plans/{plan['plan_id']}/eligibility")

        return await eventually(check, lambda found: found["checks"][0]["passed"])

    async def bill_of(self, order_id: str) -> Json:
        """The order's bill, once it is issued."""

        async def look() -> list[Json]:
            bills: list[Json] = (await self.get(f"/orders/{order_id}"))["bills"]
            return bills

        return (await eventually(look))[0]

    async def start_payment(self, bill_id: str) -> Json:
        return await self.post(f"/bills/{bill_id}/payments", {}, key=str(uuid4()))

    async def pay_up(self, bill_id: str) -> None:
        """Pays a bill in as many parts as the ceiling of cards asks for."""
        remaining = 1
        while remaining:
            started = await self.start_payment(bill_id)
            await self.at_the_bank(started["redirect_url"])
            remaining = started["remaining"]

    async def at_the_bank(self, redirect_url: str, outcome: str = "paid") -> httpx.Response:
        """Presses a button on the bank's page and goes where the bank sends the browser, and on."""
        page = await BankPage.entered(self.simulators, redirect_url)
        sent_back = await page.decide(outcome)
        assert sent_back is not None, "the bank sends nobody back"
        return await go(self.api, sent_back)

    async def order_in_state(self, order_id: str, state: str) -> Json:
        """The order, once it has come to the state."""

        async def look() -> Json:
            return await self.get(f"/orders/{order_id}")

        return await eventually(look, lambda order: order["state"] == state)


def answer(response: httpx.Response, expected: int) -> Json:
    """The body of an answer with the expected status."""
    assert response.status_code == expected, f"{response.request.url}: {response.status_code} {response.text}"
    body: Json = response.json() if response.content else {}
    return body
