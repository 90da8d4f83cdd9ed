"""Banks' lists of blocked deposits: matched as a set, told to sales, their differences as a file."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis.crypto import BlindIndex
from chassis.imports import importer as importing
from events.identity import NATIONAL_CODE, CustomerRegistered, CustomerReindexed
from iran import NationalCode

LEAST = 1_000_000
TABLES = "blocked_differences, blocked_deposits, blocked_lists, people"


@dataclass
class People:
    """Who has an account, and the lists that banks send of them."""

    shop: Any
    counter: Any
    index: BlindIndex
    plan_id: UUID

    async def registered(self, number):
        """A person with an account, as (id, national code)."""
        code, customer_id = national_code(number), uuid4()
        event = known_as(
            customer_id=customer_id,
            national_code_index=self.index.of(code, NATIONAL_CODE),
            index_generation=1,
        )
        await self.shop.hear(event, event)
        return str(customer_id), code

    async def send_in(self, *rows, bank="012", **options):
        content = "\n".join(["national_code,amount,on,released", *(",".join(map(str, row)) for row in rows)])
        about = {"bank": bank, "plan_id": str(self.plan_id), "least": LEAST} | options
        seen, bad = await self.counter.send_in(content.encode(), kind="blocked-deposits", **about)
        await self.shop.run("payment.blocked_lists")
        return seen, bad

    async def differences(self, list_id):
        file = await self.counter.get(f"/blocked-deposits/lists/{list_id}/differences")
        rows = csv.DictReader(io.StringIO(file.text.lstrip("\ufeff")))
        return [(row["line"], row["reason"], row["customer_id"]) for row in rows]

    async def told(self):
        """All deposits that sales was told of, as (person, amount, live, version)."""
        events = await self.shop.published("payment.deposits_blocked.v1")
        return [
            (one["customer_id"], one["amount"], one["live"], one["version"])
            for event in events
            for one in event["deposits"]
        ]

    async def own(self, customer_id):
        answer = await self.shop.get("/blocked-deposits", UUID(customer_id), plan_id=str(self.plan_id))
        return [(one["bank"], one["amount"], one["live"]) for one in answer.json()["items"]]


def known_as(**facts: Any) -> CustomerRegistered:
    """With no more than what is looked at here."""
    return CustomerRegistered.model_construct(**{"version": 1, **facts})


def national_code(number):
    nine = f"{100_000_000 + number}"
    return nine + NationalCode.check_digit(nine)


@pytest.fixture
async def people(shop, counter, settings):
    async with shop.database.transaction() as session:
        await session.execute(text(f"TRUNCATE {TABLES}"))
    return People(shop, counter, BlindIndex.parse(settings.index_key), uuid4())


async def test_a_list_says_whose_deposit_is_blocked_and_what_is_wrong_with_the_others(people):
    (rich, rich_code), (poor, poor_code), (twice, twice_code) = [await people.registered(n) for n in range(3)]
    seen, bad = await people.send_in(
        (rich_code, LEAST, "1405/08/01", ""),
        (poor_code, LEAST - 1, "2026-10-23", ""),
        (twice_code, LEAST, "2026-10-23", ""),
        (twice_code, LEAST + 5, "2026-10-24", ""),
        (national_code(99), LEAST, "2026-10-23", ""),
        ("1234567890", LEAST, "2026-10-23", ""),
    )
    assert (seen["rows_good"], bad) == (5, [(7, "national_code_check_digit")])
    [row] = (await people.counter.get("/blocked-deposits/lists")).json()["items"]
    assert (row["matched"], row["differing"], row["closed_at"] is not None) == (3, 3, True)
    assert await people.differences(row["id"]) == [
        ("3", "too_little", poor),
        ("4", "repeated", twice),
        ("6", "unknown_person", ""),
    ]
    assert sorted(await people.told()) == sorted([(rich, LEAST, True, 1), (twice, LEAST + 5, True, 1)])
    assert await people.own(rich) == [("012", LEAST, True)]
    assert await people.own(poor) == [("012", LEAST - 1, False)]


async def test_the_same_list_again_tells_nothing_and_a_change_is_told_once(people):
    one, code = await people.registered(1)
    for _ in range(2):
        await people.send_in((code, LEAST, "2026-10-23", ""))
    await people.send_in((code, LEAST, "2026-10-23", "true"))
    await people.send_in((code, LEAST * 2, "2026-10-25", ""))
    assert await people.told() == [
        (one, LEAST, True, 1),
        (one, LEAST, False, 2),
        (one, LEAST * 2, True, 3),
    ]


async def test_a_complete_list_releases_whom_it_does_not_name_and_no_other_banks(people):
    (stays, first), (goes, second), (other, third) = [await people.registered(n) for n in range(3)]
    await people.send_in((first, LEAST, "2026-10-23", ""), (second, LEAST, "2026-10-23", ""))
    await people.send_in((third, LEAST, "2026-10-23", ""), (first, LEAST, "2026-10-23", ""), bank="017")
    await people.send_in((first, LEAST, "2026-10-23", ""), complete=True)
    assert (await people.told())[-1] == (goes, LEAST, False, 2)
    assert (await people.own(goes), await people.own(other)) == (
        [("012", LEAST, False)],
        [("017", LEAST, True)],
    )
    last, elsewhere, _ = (await people.counter.get("/blocked-deposits/lists")).json()["items"]
    assert last["released"] == 1
    assert ("", "no_longer_listed", goes) in await people.differences(last["id"])
    assert await people.differences(elsewhere["id"]) == [("3", "other_bank", stays)]


async def test_a_complete_list_that_cannot_be_read_to_its_end_releases_nobody(people, monkeypatch):
    monkeypatch.setattr(importing, "TURN_SECONDS", 0.0001)
    one, code = await people.registered(1)
    await people.send_in((code, LEAST, "2026-10-23", ""))
    seen, _ = await people.send_in((national_code(5), LEAST, "2026-10-23", '"broken"x'), complete=True)
    assert (seen["state"], seen["failure"]["code"]) == ("failed", "malformed")
    assert await people.own(one) == [("012", LEAST, True)]


async def test_people_are_found_while_the_key_of_their_index_changes(people):
    one, code = await people.registered(1)
    former = await people.shop.rows("SELECT national_code_index FROM people")
    moved = CustomerReindexed(
        version=1,
        customer_id=UUID(one),
        national_code_index="ab" * 32,
        index_generation=2,
        former_indexes=[former[0][0]],
    )
    late = known_as(customer_id=UUID(one), national_code_index=former[0][0], index_generation=1)
    await people.shop.hear(moved, late)
    assert await people.shop.rows("SELECT index_generation FROM people") == [(2,)]
    await people.send_in((code, LEAST, date(2026, 10, 23), ""))
    assert await people.told() == []


async def test_no_national_code_is_stored(people):
    _, code = await people.registered(1)
    await people.send_in((code, LEAST, "2026-10-23", ""), (national_code(7), LEAST, "2026-10-23", ""))
    stored = await people.shop.rows(
        "SELECT blocked_deposits::text FROM blocked_deposits UNION ALL SELECT people::text FROM people"
        " UNION ALL SELECT blocked_differences::text FROM blocked_differences"
    )
    assert not [row for row in stored if code in row[0] or national_code(7) in row[0]]
