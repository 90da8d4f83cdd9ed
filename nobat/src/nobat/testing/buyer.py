"""A buyer who gets through a purchase, whatever happens to the servers meanwhile."""

import json
from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx

from chassis.testing.eventually import eventually
from nobat.testing.bank_page import BankPage, go
from nobat.testing.person import Person
from nobat.testing.plan import order_form
from nobat.testing.told import ClientLedger, Told
from nobat.testing.visitor import Json, Visitor

LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Member:
    """Somebody with an account; ``token`` is an access token that outlives the test."""

    person: Person
    customer_id: UUID
    token: str


class Buyer(Visitor):
    """Notes every answer in ``ledger``; waits ``patience`` seconds for each step.

    With a ``Persistent`` transport below ``api`` the buyer asks again; without, every answer counts.
    """

    def __init__(
        self,
        api: httpx.AsyncClient,
        simulators: httpx.AsyncClient,
        member: Member,
        ledger: ClientLedger,
        patience: float = 60,
    ) -> None:
        super().__init__(api, simulators, member.person)
        self.token = member.token
        self.customer_id = str(member.customer_id)
        self._ledger = ledger
        self._patience = patience

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        response = await super().ask(method, path, body, **headers)
        told = Told(
            self.customer_id,
            method,
            path,
            response.status_code,
            dict(body) if isinstance(body, dict) else {},
            headers.get("idempotency-key"),
            _document(response),
        )
        self._ledger.note(told)
        return response

    async def try_to_order(self, plan: Json, dealership_id: str, key: str | None = None) -> httpx.Response:
        headers = {"idempotency-key": key or str(uuid4())}
        return await self.ask("POST", "/orders", order_form(plan, dealership_id), **headers)

    async def purchase(self, plan: Json, dealership_id: str) -> Json:
        """From nothing to the order with an active contract."""
        placed = await self.post("/orders", order_form(plan, dealership_id), key=str(uuid4()))
        return await self.complete(placed["order_id"])

    async def complete(self, order_id: str) -> Json:
        """Pays the order's bill and waits for the contract."""
        bill = await self.bill_of(order_id)
        remaining = 1
        while remaining:
            started = await self.start_payment(bill["id"])
            await self.pay(started)
            remaining = started["remaining"]
        return await self.order_in_state(order_id, "contract_active")

    async def pay(self, started: Json) -> Json:
        """Pays at the bank, then comes back to the shop until the shop knows."""
        page = await BankPage.entered(self.simulators, started["redirect_url"])
        sent_back = await page.decide()
        assert sent_back is not None, "the bank sends nobody back"

        async def come_back() -> Json:
            await go(self.api, sent_back)
            return await self.get(f"/payments/{started['payment_id']}")

        return await eventually(
            come_back, lambda seen: seen["state"] == "verified", within=self._patience, every=LOOK_SECONDS
        )

    async def bill_of(self, order_id: str) -> Json:
        async def look() -> list[Json]:
            bills: list[Json] = (await self.get(f"/orders/{order_id}"))["bills"]
            return bills

        return (await eventually(look, within=self._patience, every=LOOK_SECONDS))[0]

    async def order_in_state(self, order_id: str, state: str) -> Json:
        async def look() -> Json:
            return await self.get(f"/orders/{order_id}")

        return await eventually(
            look, lambda seen: seen["state"] == state, within=self._patience, every=LOOK_SECONDS
        )


def _document(response: httpx.Response) -> Json:
    """The body if it is a JSON object, without what grows with every look."""
    try:
        found = json.loads(response.content or b"{}")
    except ValueError:
        return {}
    return {name: found[name] for name in found if name not in {"timeline", "messages"}}
