"""No mobile, name or code is to be found in the database or in the logs."""

from datetime import timedelta

import pytest
from sqlalchemy import text

CODE = "482913"


async def dump(database):
    """Every row of every table as text, sealed columns decoded where they are text after all."""
    async with database.transaction() as session:
        names = await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        rows = []
        for name in names:
            found = await session.execute(text(f'SELECT * FROM "{name}"'))  # noqa: S608 - names of tables
            rows += [_readable(value) for row in found for value in row]
    return "\n".join(rows)


def _readable(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


@pytest.fixture
async def every_state(notify, simulator, person, capfd):
    """Waiting, sent and failed messages of a person."""
    await notify.handle(person.registered())
    await notify.send()
    later = notify.clock() + timedelta(minutes=2)
    await notify.handle(person.code_issued(CODE, later))
    await notify.send()
    for kind, more in [("refuse", {"code": 411}), ("hang_done", {}), ("refuse", {"code": 418})]:
        await simulator.fault(person.mobile, kind, **more)
        await notify.handle(person.code_issued(CODE, later, "login"))
        await notify.send()
    await notify.handle(person.code_issued(CODE, later, "password_reset"))
    return person


@pytest.mark.parametrize("provider_timeout", [1])
async def test_the_database_holds_nothing_personal_in_plain(notify, every_state):
    rows = await notify.rows("state, code")
    assert {row["state"] for row in rows} == {"sent", "failed", "queued", "unknown"}
    dumped = await dump(notify.database)
    assert "welcome" in dumped
    for secret in (every_state.mobile[1:], "نازنین", "کریمی", CODE):
        assert secret not in dumped


@pytest.mark.parametrize("provider_timeout", [1])
async def test_the_logs_hold_nothing_personal_and_no_key(every_state, capfd):
    told = "".join(capfd.readouterr())
    assert "notify.message.sent" in told
    for secret in (every_state.mobile[1:], "نازنین", CODE, "kavenegar-api-key"):
        assert secret not in told
