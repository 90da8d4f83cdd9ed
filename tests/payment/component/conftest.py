"""Finance at its desk, with the files of banks and providers in hand."""

import csv
import io
from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.imports import Importer

DESK = "/api/v1/staff"


class Counter:
    """Finance with a bank's statement in hand."""

    def __init__(self, shop):
        self.shop = shop
        self.finance, self.colleague = (authorization(shop) for _ in range(2))
        self.importer = next(part for part in shop.service.provides if isinstance(part, Importer))

    async def sent(self, content, kind="deposits", file_format="csv", layout=(), **options):
        """A file that a worker may begin with; its path below the desk."""
        path, client, headers = f"{DESK}/{kind}/imports", self.shop.client, self.finance
        options = options or {"bank": "012"}
        body = {"file_name": "x", "format": file_format, "options": options, "layout": list(layout)}
        begun = await client.post(path, json=body, headers=headers)
        assert begun.status_code == 201, begun.text
        path += f"/{begun.json()['import_id']}"
        part = await client.put(f"{path}/parts/1", content=content, headers=headers)
        assert part.status_code == 204, part.text
        assert (await client.post(f"{path}/start", json={"parts": 1}, headers=headers)).is_success
        return path.removeprefix(DESK)

    async def send_in(self, content, **about):
        """What became of a file, and its bad rows as (line, code)."""
        path = await self.sent(content, **about)
        while await self.importer.run():
            pass
        errors = (await self.get(f"{path}/errors.csv")).text
        rows = csv.DictReader(io.StringIO(errors.lstrip("\ufeff")))
        return (await self.get(path)).json(), [(int(row["line"]), row["code"]) for row in rows]

    async def get(self, path, **query):
        answer = await self.shop.client.get(f"{DESK}{path}", params=query, headers=self.finance)
        assert answer.is_success, answer.text
        return answer

    async def post(self, path, body, headers=None):
        return await self.shop.client.post(f"{DESK}{path}", json=body, headers=headers or self.finance)

    async def reasons(self, source="deposits"):
        items = (await self.get("/differences", source=source)).json()["items"]
        return [(item["reason"], item["theirs"], item["ours"]) for item in items]


def authorization(shop):
    token = shop.keys.token(uuid4(), roles=["finance"], lifetime=30 * 86_400)
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
async def counter(shop):
    await emptied(shop)
    return Counter(shop)


async def emptied(shop):
    async with shop.database.transaction() as session:
        await session.execute(text("TRUNCATE bank_deposits, differences, imports, refunds CASCADE"))
