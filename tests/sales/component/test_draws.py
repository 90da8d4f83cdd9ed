"""A draw from the first entry to the result in the order's details, and what is refused on the way."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select, text

from events.sales import DrawHeld, DrawResultsListed
from sales.context import Context
from sales.draws import holding, telling, verify_draw
from sales.draws.tables import DrawEntry
from sales.invitations import drawn
from sales.invitations.drawn import Vacancy

REVEAL = b"w" * 32
TABLES = "draws, draw_entries, draw_values, draw_files, draw_published_files, draw_results"
LIST_VETERANS = text(
    "INSERT INTO facts SELECT national_code_index, 'class_member', 'veterans', '{}', 'foundation', now(), id"
    " FROM customers WHERE id = ANY(:ids) ON CONFLICT DO NOTHING"
)
FILES = {
    "rules": "rules.json",
    "commitment": "commitment.json",
    "entries": "entries.txt",
    "seed": "seed.json",
    "result": "result.txt",
}


@dataclass
class DrawDesk:
    """A plan with a draw, its entrants, and the two members of staff who hold it."""

    office: Any
    plan: dict[str, Any] = field(default_factory=dict)
    entrants: list[UUID] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.one, self.other = uuid4(), uuid4()
        self.context = next(part for part in self.office.service.provides if isinstance(part, Context))

    @property
    def plan_id(self) -> UUID:
        return UUID(self.plan["plan_id"])

    async def open(self, **changes: Any) -> None:
        body = self.office.plan_body()
        car = body["offerings"][0] | {"capacity": 2, "class_quotas": {"ordinary": 1, "veterans": 1}}
        other = car | {"trim": "ساده", "capacity": 1, "class_quotas": {"ordinary": 1, "veterans": 0}}
        self.plan = await self.office.open_plan(
            **{
                "method": "draw",
                "max_choices": 2,
                "applicant_classes": ["ordinary", "veterans"],
                "quota_handover": ["ordinary"],
                "offerings": [car, other],
                "capacity": 2,
                **changes,
            }
        )

    async def veterans(self, count: int) -> list[UUID]:
        found: list[UUID] = await self.office.customers(count)
        async with self.office.database.transaction() as session:
            await session.execute(LIST_VETERANS, {"ids": found})
        return found

    async def enter(self, count: int, **changes: Any) -> None:
        await self.enter_all(await self.office.customers(count), **changes)

    async def enter_all(self, customers: list[UUID], **changes: Any) -> None:
        for customer_id in customers:
            choices = [{"offering_id": car["offering_id"]} for car in self.plan["offerings"]]
            answer = await self.office.order(customer_id, self.plan, choices=choices, **changes)
            assert answer.status_code == 201, answer.text
            self.entrants.append(customer_id)
            self.orders.append(answer.json()["order_id"])

    def close(self) -> None:
        self.office.clock.advance(days=3)

    def recipe(self) -> dict[str, Any]:
        at = (self.office.clock() + timedelta(hours=2)).isoformat()
        alternatives = [{"name": name, "reading": "the closing index", "at": at} for name in ("tse", "drand")]
        return {
            "witnesses": [{"name": "notary", "commitment": sha256(REVEAL).hexdigest()}],
            "witnesses_until": at,
            "sources": [{"name": "index", "alternatives": alternatives}],
            "abort_after": (self.office.clock() + timedelta(days=2)).isoformat(),
        }

    async def staff(self, method: str, path: str, body: Any = None, by: UUID | None = None) -> httpx.Response:
        headers = self.office.keys.authorization(by or self.one, ["manager"])
        url = f"/api/v1/staff/draws/{self.plan_id}{path}"
        answer: httpx.Response = await self.office.client.request(method, url, json=body, headers=headers)
        return answer

    async def freeze(self) -> None:
        answer = await self.staff("POST", "/freeze", self.recipe())
        assert answer.status_code == 202, answer.text
        assert await holding.work(self.office.database, self.context)

    async def seed(self) -> None:
        assert (await self.staff("PUT", "/witnesses/1", {"value": REVEAL.hex()})).status_code == 200
        self.office.clock.advance(hours=3)
        reading = {"value": "2,345,678", "evidence": "page 3"}
        assert (await self.staff("PUT", "/sources/1/alternatives/1", reading)).status_code == 200
        assert (await self.staff("POST", "/proposal")).status_code == 200

    async def hold(self) -> None:
        answer = await self.staff("POST", "/start", by=self.other)
        assert answer.status_code == 202, answer.text
        assert await holding.work(self.office.database, self.context)

    async def public(self, path: str = "") -> httpx.Response:
        answer: httpx.Response = await self.office.client.get(f"/api/v1/draws/{self.plan_id}{path}")
        return answer

    async def download(self, folder: Path) -> None:
        for path, name in FILES.items():
            (folder / name).write_bytes((await self.public(f"/{path}")).content)

    async def ticket(self, number: int) -> dict[str, Any]:
        headers = self.office.buyer(self.entrants[number])
        opened = await self.office.client.get(f"/api/v1/orders/{self.orders[number]}", headers=headers)
        found: dict[str, Any] = opened.json()["draw"]
        return found


@pytest.fixture
async def desk(office) -> DrawDesk:
    async with office.database.transaction() as session:
        await session.execute(text(f"TRUNCATE {TABLES}"))
    desk = DrawDesk(office)
    await desk.open()
    return desk


async def test_the_whole_draw_can_be_checked_by_anybody(desk, tmp_path, capsys):
    await desk.enter(6)
    await desk.enter_all(await desk.veterans(1), applicant_class="veterans")
    assert (await desk.ticket(0))["outcome"] is None
    desk.close()
    assert (await desk.public()).json()["state"] == "closed"
    await desk.freeze()
    await desk.seed()
    before = (await desk.public()).json()
    assert (before["state"], before["seed"]) == ("frozen", None)
    assert (await desk.public("/seed")).status_code == 404
    await desk.hold()

    held = (await desk.public()).json()
    assert (held["state"], held["selected"], held["reserve"]) == ("drawn", 3, 3)
    await desk.download(tmp_path)
    verify_draw.verify(tmp_path)
    assert "7 entries, 3 selected, 3 in reserve" in capsys.readouterr().out
    tickets = [await desk.ticket(number) for number in range(7)]
    assert Counter(t["outcome"] for t in tickets) == {"selected": 3, "reserve": 3, "not_selected": 1}
    assert tickets[6]["outcome"] == "selected"
    commitment = json.loads((tmp_path / "commitment.json").read_bytes())
    verify_draw.check_receipt(tickets[2], commitment, tmp_path)
    proof = (await desk.office.client.get(f"/api/v1{tickets[2]['proof']}")).json()
    verify_draw.check_proof(proof, commitment["merkle_root"])
    told = await desk.office.published("sales.draw_held.v1")
    assert [event["selected"] for event in told] == [3]


async def test_winners_and_reserve_are_there_in_the_order_of_the_ranks(desk):
    await desk.enter(6)
    desk.close()
    await desk.freeze()
    await desk.seed()
    await desk.hold()
    first = UUID(desk.plan["offerings"][0]["offering_id"])
    async with desk.office.database.transaction() as session:
        winners = await drawn.selected(session, desk.plan_id, None, 10)
        waiting = await drawn.next_in_reserve(session, Vacancy(desk.plan_id, first, "ordinary"), 10)
        seats = await session.execute(
            text("SELECT key, capacity FROM quotas WHERE offering_id = :id AND level = 'class'"),
            {"id": first},
        )
    assert len(winners) == 3
    assert {str(order_id) for order_id in waiting}.isdisjoint(str(one.order_id) for one in winners)
    assert [(await desk.ticket(desk.orders.index(str(one))))["position"] for one in waiting] == [1, 2]
    assert {row.key: row.capacity for row in seats} == {"ordinary": 2, "veterans": 0}


async def test_one_person_enters_once_and_a_repeated_request_finds_its_entry(desk):
    (customer_id,) = await desk.office.customers(1)
    first = await desk.office.order(customer_id, desk.plan, key="one-and-the-same")
    again = await desk.office.order(customer_id, desk.plan, key="one-and-the-same")
    other = await desk.office.order(customer_id, desk.plan, key="another-request")
    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (409, "one_order_per_plan")
    async with desk.office.database.transaction() as session:
        entries = await session.scalars(select(DrawEntry).where(DrawEntry.plan_id == desk.plan_id))
        assert len(entries.all()) == 1


async def test_what_comes_too_early_is_refused(desk):
    await desk.enter(2)
    assert (await desk.staff("POST", "/freeze", desk.recipe())).json()["code"] == "plan_still_open"
    assert (await desk.staff("POST", "/proposal")).json()["code"] == "illegal_draw_move"
    assert (await desk.staff("POST", "/start")).json()["code"] == "illegal_draw_move"
    desk.close()
    hasty = desk.recipe() | {"witnesses_until": desk.office.clock().isoformat()}
    hasty["sources"][0]["alternatives"][0]["at"] = desk.office.clock().isoformat()
    assert (await desk.staff("POST", "/freeze", hasty)).json()["code"] == "notice_too_short"
    await desk.freeze()
    early = {"value": "1", "evidence": "a guess"}
    assert (await desk.staff("PUT", "/sources/1/alternatives/1", early)).json()["code"] == "value_too_early"
    wrong = {"value": "00" * 32}
    assert (await desk.staff("PUT", "/witnesses/1", wrong)).json()["code"] == "reveal_mismatch"
    missing = (await desk.staff("POST", "/proposal")).json()
    assert (missing["code"], missing["missing"]) == ("values_missing", ["notary", "index"])


async def test_two_people_start_a_draw_and_a_correction_withdraws_the_proposal(desk):
    await desk.enter(2)
    desk.close()
    await desk.freeze()
    await desk.seed()
    alone = await desk.staff("POST", "/start", by=desk.one)
    assert (alone.status_code, alone.json()["code"]) == (403, "same_person")
    corrected = {"value": "2,345,679", "evidence": "page 3"}
    assert (await desk.staff("PUT", "/sources/1/alternatives/1", corrected)).status_code == 200
    assert (await desk.staff("POST", "/start", by=desk.other)).json()["code"] == "values_missing"


async def test_a_silent_witness_and_a_failed_source_have_their_stand_ins(desk, tmp_path):
    await desk.enter(3)
    desk.close()
    await desk.freeze()
    desk.office.clock.advance(hours=3)
    late = await desk.staff("PUT", "/witnesses/1", {"value": REVEAL.hex()})
    assert late.json()["code"] == "reveal_too_late"
    reading = {"value": "beacon", "evidence": "round 5"}
    assert (await desk.staff("PUT", "/sources/1/alternatives/2", reading)).json()[
        "code"
    ] == "alternative_out_of_turn"
    failed = {"value": None, "evidence": "the exchange was closed"}
    assert (await desk.staff("PUT", "/sources/1/alternatives/1", failed)).status_code == 200
    assert (await desk.staff("PUT", "/sources/1/alternatives/2", reading)).status_code == 200
    assert (await desk.staff("POST", "/proposal")).status_code == 200
    await desk.hold()
    await desk.download(tmp_path)
    verify_draw.verify(tmp_path)
    assert json.loads((tmp_path / "seed.json").read_bytes())["witnesses"] == [
        {"name": "notary", "value": None}
    ]


async def test_entries_that_changed_after_the_freeze_stop_the_draw(desk):
    await desk.enter(3)
    desk.close()
    await desk.freeze()
    await desk.seed()
    async with desk.office.database.transaction() as session:
        await session.execute(
            text("UPDATE draw_entries SET applicant_class = 'veterans' WHERE order_id = :id"),
            {"id": UUID(desk.orders[0])},
        )
    await desk.hold()
    watched = (await desk.staff("GET", "")).json()
    assert (watched["state"], watched["problem"]) == ("seeded", "entries_changed")
    assert (await desk.ticket(0))["outcome"] is None


async def test_a_draw_is_given_up_only_while_nobody_can_know_the_seed(desk, tmp_path):
    await desk.enter(2)
    desk.close()
    await desk.freeze()
    given_up = (await desk.staff("POST", "/abort", {"reason": "a wrong list"})).json()
    assert given_up["state"] == "aborted"
    secret = given_up["aborted"][0]["operator_secret"]
    assert (
        sha256(bytes.fromhex(secret)).hexdigest()
        == given_up["aborted"][0]["commitment"]["operator_commitment"]
    )
    await desk.freeze()
    await desk.seed()
    refused = await desk.staff("POST", "/abort", {"reason": "not my friends"})
    assert refused.json()["code"] == "abort_refused"
    await desk.hold()
    await desk.download(tmp_path)
    verify_draw.verify(tmp_path)


async def test_files_are_cached_by_their_digest(desk):
    await desk.enter(1)
    desk.close()
    await desk.freeze()
    entries = await desk.public("/entries")
    assert entries.headers["etag"] == f'"{sha256(entries.content).hexdigest()}"'
    url = f"/api/v1/draws/{desk.plan_id}/entries"
    again = await desk.office.client.get(url, headers={"If-None-Match": entries.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    stranger = await desk.public(f"/proof/{'0' * 64}")
    assert stranger.status_code == 404


async def test_a_plan_without_a_draw_has_none(office):
    plan = await office.open_plan()
    assert (await office.client.get(f"/api/v1/draws/{plan['plan_id']}")).status_code == 404


async def test_everybody_who_entered_is_listed_once_page_by_page(desk, monkeypatch):
    monkeypatch.setattr(telling, "PAGE", 2)
    await desk.enter(5)
    desk.close()
    await desk.freeze()
    await desk.seed()
    await desk.hold()
    [held] = await desk.office.published("sales.draw_held.v1")
    async with desk.office.database.transaction() as session:
        await telling.on_draw_held(session, DrawHeld(**held))
    for _ in range(3):
        listed = DrawResultsListed(**(await desk.office.published("sales.draw_results_listed.v1"))[-1])
        async with desk.office.database.transaction() as session:
            await telling.on_results_listed(session, listed)
    pages = [
        DrawResultsListed(**page) for page in await desk.office.published("sales.draw_results_listed.v1")
    ]
    assert [(page.page, page.last, len(page.results)) for page in pages] == [
        (1, False, 2),
        (2, False, 2),
        (3, True, 1),
    ]
    told = [entry for page in pages for entry in page.results]
    assert sorted(entry.customer_id for entry in told) == sorted(desk.entrants)
    assert {str(entry.order_id): entry.outcome for entry in told} == {
        desk.orders[number]: (await desk.ticket(number))["outcome"] for number in range(5)
    }
