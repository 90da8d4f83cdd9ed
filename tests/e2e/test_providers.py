"""A bill is paid in five parts, at a different provider each, through the gateway."""

import httpx

from chassis.testing.eventually import eventually
from nobat.testing.visitor import Json, Visitor

PROVIDERS = ("zarinpal", "zibal", "sep", "mellat", "sadad")


async def test_each_provider_carries_a_part_of_a_bill(
    buyer: Visitor, open_plan: Json, dealership_id: str, simulators: httpx.AsyncClient
) -> None:
    placed = await buyer.order(open_plan, dealership_id)
    bill = await buyer.bill_of(placed["order_id"])

    async def offers() -> list[str]:
        return [one["provider"] for one in (await buyer.get(f"/bills/{bill['id']}/providers"))["items"]]

    offered = await eventually(offers, lambda names: set(names) == set(PROVIDERS))
    assert offered[0] == "zarinpal"

    references = {}
    for left, provider in zip(range(len(PROVIDERS), 0, -1), PROVIDERS, strict=True):
        now = await buyer.get(f"/bills/{bill['id']}")
        part = (now["amount"] - now["paid"]) // left
        started = await buyer.post(f"/bills/{bill['id']}/payments", {"provider": provider, "amount": part})
        assert (started["provider"], started["amount"]) == (provider, part)
        await buyer.at_the_bank(started["redirect_url"])
        paid = await buyer.get(f"/payments/{started['payment_id']}")
        assert paid["state"] == "verified"
        references[provider] = paid["reference"]

    await buyer.order_in_state(placed["order_id"], "contract_active")
    books = (await simulators.get("/bank/books")).json()["payments"]
    theirs = {(row["provider"], str(row["ref_id"])): row for row in books}
    assert all(theirs[one]["state"] == "verified" for one in references.items())
    assert theirs["mellat", references["mellat"]]["settled_at"] is not None
