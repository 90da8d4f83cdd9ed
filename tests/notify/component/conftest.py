"""The staff that writes to many."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from notify.messages.domain import Lane
from notify.runs.releasing import Releaser

PATH, RULES = "/staff/message-runs", "/staff/message-run-rules"
NOON = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
AWAKE = {"quiet_from": "22:00:00", "quiet_until": "08:00:00", "four_eyes_above": 1000}


@pytest.fixture
async def office(notify, api, staff):
    """Noon, no runs, and the rules as they came."""
    notify.clock.set(NOON)
    async with notify.database.transaction() as session:
        await session.execute(text("TRUNCATE messages, message_runs, imports, opt_outs CASCADE"))
    await staff("manager", "PUT", RULES, json=AWAKE)
    return Office(notify, api, staff)


class Office:
    def __init__(self, notify, api, staff):
        self.notify, self.api, self.staff = notify, api, staff
        self.releaser = Releaser(notify.database, notify.senders[Lane.BULK]._bell, notify.clock)

    async def begin(self, content, *, by="manager", file_format="csv", **more):
        """A run whose file is read."""
        wish = {"title": "فراخوان پیش‌فروش", "file_name": "people.csv", "format": file_format, **more}
        answer = await self.staff(by, "POST", PATH, json=wish)
        assert answer.status_code == 201, answer.text
        run_id = answer.json()["run_id"]
        content = content if isinstance(content, bytes) else content.encode()
        headers = {"Content-Type": "application/octet-stream"}
        part = await self.staff(by, "PUT", f"{PATH}/{run_id}/file/parts/1", content=content, headers=headers)
        assert part.status_code == 204
        started = await self.staff(by, "POST", f"{PATH}/{run_id}/file/start", json={"parts": 1})
        assert started.status_code == 200, started.text
        await self.job("notify.imports")
        await self.releaser.run()
        return run_id

    async def job(self, name):
        job = next(job for job in self.notify.service.jobs if job.name == name)
        while await job.run():
            pass

    async def do(self, run_id, deed, by="manager"):
        return await self.staff(by, "POST", f"{PATH}/{run_id}/{deed}")

    async def see(self, run_id):
        return (await self.staff("care", "GET", f"{PATH}/{run_id}")).json()

    async def work(self):
        """What workers do until nothing is left to do."""
        for _ in range(50):
            await self.releaser.run()
            bulk = self.notify.senders[Lane.BULK]
            if not await bulk.begin():
                break
            await bulk.finish()
        await self.releaser.run()
