"""Refunds: owed, waiting for a verified Sheba, paid in batches that two people agree on."""

import csv
import hashlib
import io
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from chassis.crypto import Keyring
from events.sales import RefundRequested
from iran import Sheba
from payment.accounts.tables import IBAN, RefundAccount

SHEBA = "IR820540102680020817909002"


@pytest.fixture
async def desk(shop):
    """Two people of finance and an empty desk."""
    async with shop.database.transaction() as session:
        await session.execute(
            text("TRUNCATE refund_transfers, refund_batches, refunds, refund_accounts CASCADE")
        )
    first, second = (shop.keys.authorization(uuid4(), ["finance"]) for _ in range(2))
    return SimpleNamespace(first=first, second=second)


def owed(shop, **changes) -> RefundRequested:
    facts = {"amount": 1_010_000_000, "paid": 1_000_000_000, "profit": 20_000_000, "deductions": 10_000_000}
    return RefundRequested.model_validate(
        {
            "version": 1,
            "refund_id": uuid4(),
            "order_id": uuid4(),
            "customer_id": shop.buyer,
            "reason": "order_cancelled",
            **facts,
            **changes,
        }
    )


async def verify_sheba(shop, customer_id: UUID) -> None:
    [keyring] = (part for part in shop.service.provides if isinstance(part, Keyring))
    async with shop.database.transaction() as session:
        sealed = keyring.seal(Sheba(SHEBA).encode(), IBAN)
        session.add(RefundAccount(customer_id=customer_id, iban=sealed, version=1))


async def post(shop, path, headers, body=None):
    return await shop.client.post(f"/api/v1/staff/refund-batches{path}", json=body, headers=headers)


async def states(shop) -> list[str]:
    return [refund["state"] for refund in (await shop.get("/refunds")).json()["items"]]


async def approved_batch(shop, desk) -> str:
    batch_id: str = (await post(shop, "", desk.first)).json()["id"]
    assert (await post(shop, f"/{batch_id}/approval", desk.second)).status_code == 200
    return batch_id


async def test_a_refund_waits_until_the_sheba_is_verified(shop, desk):
    event = owed(shop)
    await shop.hear(event, event)
    assert await states(shop) == ["awaiting_account"]
    assert (await post(shop, "", desk.first)).json()["code"] == "no_refund_ready"
    await verify_sheba(shop, shop.buyer)
    await shop.run("payment.refund_accounts")
    assert await states(shop) == ["ready"]
    assert (await shop.balance()).accounts == {
        "buyer": 1_000_000_000,
        "profit": 20_000_000,
        "deductions": -10_000_000,
        "refunds": -1_010_000_000,
    }


async def test_one_proposes_another_approves_and_the_bank_pays(shop, desk):
    event = owed(shop)
    await verify_sheba(shop, shop.buyer)
    await shop.hear(event)
    proposed = (await post(shop, "", desk.first)).json()
    path = f"/{proposed['id']}"
    assert (await post(shop, f"{path}/approval", desk.first)).json()["code"] == "same_person"
    file_path = f"/api/v1/staff/refund-batches{path}/file"
    assert (await shop.client.get(file_path, headers=desk.first)).json()["code"] == "batch_not_approved"
    assert (await post(shop, f"{path}/approval", desk.second)).json()["state"] == "approved"
    assert (await post(shop, f"{path}/refusal", desk.second)).json()["code"] == "already_decided"

    file = await shop.client.get(file_path, headers=desk.first)
    assert hashlib.sha256(file.content).hexdigest() == proposed["digest"]
    [row] = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert (row["iban"], row["amount"]) == (SHEBA, "1010000000")
    opened = await shop.client.get(f"/api/v1/staff/refund-batches{path}", headers=desk.second)
    assert SHEBA not in opened.text

    answer = {"refund_id": row["reference"], "outcome": "paid", "reference": "140509010001"}
    for _ in range(2):
        settled = (await post(shop, f"{path}/answers", desk.first, {"items": [answer]})).json()
        assert settled["state"] == "settled"
    other = answer | {"reference": "other"}
    refused = await post(shop, f"{path}/answers", desk.first, {"items": [other]})
    assert refused.json()["code"] == "refund_answered_otherwise"

    [paid] = await shop.published("payment.refund_paid.v1")
    assert (paid["refund_id"], paid["amount"]) == (str(event.refund_id), 1_010_000_000)
    assert await states(shop) == ["paid"]
    accounts = (await shop.balance()).accounts
    assert (accounts["refunds"], accounts["bank"]) == (0, -1_010_000_000)


async def test_what_the_bank_rejects_or_a_colleague_refuses_waits_for_another_batch(shop, desk):
    event = owed(shop)
    await verify_sheba(shop, shop.buyer)
    await shop.hear(event)
    refused = (await post(shop, "", desk.first)).json()["id"]
    assert (await post(shop, f"/{refused}/refusal", desk.second)).json()["state"] == "refused"
    assert await states(shop) == ["ready"]
    batch_id = await approved_batch(shop, desk)
    answer = {"refund_id": str(event.refund_id), "outcome": "rejected", "reason": "account closed"}
    for _ in range(2):
        await post(shop, f"/{batch_id}/answers", desk.first, {"items": [answer]})
    assert await states(shop) == ["ready"]
    again = await approved_batch(shop, desk)
    answer = {"refund_id": str(event.refund_id), "outcome": "paid", "reference": "1"}
    assert (await post(shop, f"/{again}/answers", desk.first, {"items": [answer]})).status_code == 200
    assert len(await shop.published("payment.refund_paid.v1")) == 1


async def test_a_sheba_that_is_no_longer_verified_is_not_paid(shop, desk):
    await verify_sheba(shop, shop.buyer)
    await shop.hear(owed(shop))
    async with shop.database.transaction() as session:
        await session.execute(text("UPDATE refund_accounts SET iban = NULL"))
    assert (await post(shop, "", desk.first)).json()["code"] == "no_refund_ready"
    await shop.run("payment.refund_accounts")
    assert await states(shop) == ["awaiting_account"]


async def test_an_answer_about_another_batch_is_refused_as_a_whole(shop, desk):
    await verify_sheba(shop, shop.buyer)
    mine = owed(shop)
    await shop.hear(mine)
    batch_id = await approved_batch(shop, desk)
    answers = [
        {"refund_id": str(refund_id), "outcome": "paid", "reference": "1"}
        for refund_id in (mine.refund_id, uuid4())
    ]
    refused = await post(shop, f"/{batch_id}/answers", desk.first, {"items": answers})
    assert (refused.status_code, refused.json()["code"]) == (422, "refund_not_in_batch")
    assert await shop.published("payment.refund_paid.v1") == []


async def test_a_refund_that_was_due_and_is_not_paid_is_counted_for_who_is_to_be_woken(shop, desk):
    await shop.hear(owed(shop, due_at=shop.clock() + timedelta(days=15)), owed(shop))
    job = next(job for job in shop.service.jobs if job.name == "payment.refund_metrics")
    seen = []
    for _ in range(2):
        await job.run()
        names = ("payment_refunds_overdue", "payment_refunds_overdue_rial")
        seen.append([REGISTRY.get_sample_value(name) for name in names])
        shop.clock.advance(days=16)
    assert seen == [[0, 0], [1, 1_010_000_000]]


async def test_a_refund_is_seen_by_its_owner_only(shop, desk):
    await shop.hear(owed(shop))
    assert (await shop.get("/refunds", uuid4())).json()["items"] == []
