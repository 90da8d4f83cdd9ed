"""A customer whose account identity has disabled cannot order, in whatever order the news came."""

from datetime import UTC, datetime
from itertools import permutations

import pytest

from events.identity import CustomerDisabled, CustomerEnabled
from sales.customers import consumers

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def disabled(customer_id, version):
    return consumers.note_disabled, CustomerDisabled(
        version=version, customer_id=customer_id, reason="fraud", at=NOW
    )


def enabled(customer_id, version):
    return consumers.note_enabled, CustomerEnabled(version=version, customer_id=customer_id, at=NOW)


async def told(office, *news) -> None:
    async with office.database.transaction() as session:
        for handle, event in news:
            await handle(session, event)


async def test_a_disabled_customer_is_refused_and_told_the_rule(office):
    (customer_id,) = await office.customers(1)
    await told(office, disabled(customer_id, 2))
    refused = await office.order(customer_id, await office.open_plan())
    assert (refused.status_code, refused.json()["rule"]) == (403, "account_open")


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_the_newest_news_counts_whatever_came_last(office, order):
    (customer_id,) = await office.customers(1)
    news = [disabled(customer_id, 2), enabled(customer_id, 3), disabled(customer_id, 4)]
    await told(office, *(news[position] for position in order))
    plan = await office.open_plan()
    assert (await office.order(customer_id, plan)).status_code == 403

    await told(office, enabled(customer_id, 5))

    assert (await office.order(customer_id, plan)).status_code == 201
