"""People who change their accounts."""

from typing import Any

import httpx

from identity.testing import Api, Json, Person, Phones


class Owner:
    """Somebody who is logged in."""

    def __init__(self, api: Api, phones: Phones, person: Person) -> None:
        self.api = api
        self.phones = phones
        self.person = person
        self.id = person.customer_id

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        return await self.api.call(method, path, body, Authorization=self.person.authorization, **headers)

    async def ok(self, method: str, path: str, body: object = None, status: int = 200, **headers: str) -> Any:
        answer = await self.call(method, path, body, **headers)
        assert answer.status_code == status, f"{answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def me(self) -> Json:
        found: Json = await self.ok("GET", "/me")
        return found

    async def edit(self, **fields: object) -> Json:
        edited: Json = await self.ok("PATCH", "/me", fields)
        return edited

    async def wish(self, **fields: object) -> str:
        """The id of the one change that waits then."""
        change_id: str = (await self.edit(**fields))["changes"][0]["change_id"]
        return change_id
