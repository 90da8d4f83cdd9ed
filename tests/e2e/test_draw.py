"""A draw, from three people who enter to the program that anybody checks it with."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

from nobat.testing.draw import freeze, start
from nobat.testing.visitor import API, Json, Visitor, answer

PublishPlan = Callable[..., Awaitable[Json]]
NewBuyer = Callable[..., Awaitable[Visitor]]
FILES = {
    "rules": "rules.json",
    "commitment": "commitment.json",
    "entries": "entries.txt",
    "seed": "seed.json",
    "result": "result.txt",
    "verify_draw.py": "verify_draw.py",
}
WORDS = {"selected": "برگزیده شد", "reserve": "فهرست ذخیره", "not_selected": "برگزیده نشد"}


async def download(visitor: Visitor, plan_id: str, folder: Path) -> None:
    for path, name in FILES.items():
        got = await visitor.ask("GET", f"/draws/{plan_id}/{path}")
        assert got.status_code == 200, got.text
        (folder / name).write_bytes(got.content)


def check(folder: Path, *arguments: str) -> str:
    command = [sys.executable, str(folder / "verify_draw.py"), str(folder), *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


async def test_a_draw_is_held_and_anybody_checks_it(
    new_buyer: NewBuyer,
    publish_plan: PublishPlan,
    manager: Visitor,
    admin: Visitor,
    dealership_id: str,
    no_quiet_hours: None,
    tmp_path: Path,
) -> None:
    plan = await publish_plan(method="draw", car={"capacity": 1})
    buyers = [await new_buyer() for _ in range(3)]
    orders = [(await buyer.order(plan, dealership_id))["order_id"] for buyer in buyers]
    waiting = await buyers[0].get(f"/orders/{orders[0]}")
    assert (waiting["state"], waiting["next_step"]["action"]) == ("registered", "wait_for_draw")

    await freeze(manager, plan["plan_id"])
    await start(manager, admin, plan["plan_id"])

    drawn = [
        (await buyer.get(f"/orders/{order}"))["draw"] for buyer, order in zip(buyers, orders, strict=True)
    ]
    assert Counter(ticket["outcome"] for ticket in drawn) == {"selected": 1, "reserve": 1, "not_selected": 1}
    selected = [ticket["outcome"] for ticket in drawn].index("selected")
    invited = await buyers[selected].order_in_state(orders[selected], "awaiting_payment")
    assert invited["invitation_number"]
    for buyer, ticket in zip(buyers, drawn, strict=True):
        assert WORDS[ticket["outcome"]] in await buyer.text_with("قرعه‌کشی")
    stranger = Visitor(buyers[0].api, buyers[0].simulators, buyers[0].person)
    await download(stranger, plan["plan_id"], tmp_path)
    proof = answer(await stranger.ask("GET", drawn[0]["proof"].removeprefix(API)), 200)
    (tmp_path / "receipt.json").write_text(json.dumps(drawn[0]))
    (tmp_path / "proof.json").write_text(json.dumps(proof))
    assert "3 entries, 1 selected, 1 in reserve" in check(
        tmp_path, "--receipt", str(tmp_path / "receipt.json")
    )
    assert "everything agrees" in check(tmp_path, "--proof", str(tmp_path / "proof.json"))
