"""The statement of an order, and the check of the whole ledger."""

from io import BytesIO
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY
from pypdf import PdfReader
from sqlalchemy import text

from events.sales import OrderTransferred, RefundRequested
from iran import to_persian_digits

PART = 300_000_000


@pytest.fixture
def finance(shop):
    return shop.keys.authorization(uuid4(), ["finance"])


@pytest.fixture
async def story(shop):
    """Two parts of a bill came too late for the order, and went back."""
    bill = await shop.new_bill()
    first = await shop.pay(bill["id"], amount=PART)
    second = await shop.pay(bill["id"], amount=2 * PART)
    await shop.hear(await shop.declined(second))
    await shop.run("payment.returns")
    return SimpleNamespace(order_id=bill["order_id"], payments=[first, second])


async def statement_of(shop, order_id, **of):
    return await shop.get(f"/statements/{order_id}", **of)


async def test_a_statement_says_what_came_and_what_went_back(shop, story):
    found = (await statement_of(shop, story.order_id)).json()
    kinds = [row["kind"] for row in found["movements"]]
    assert kinds == ["received"] * 2 + ["declined"] * 2 + ["returned"] * 2
    assert [row["change"] for row in found["movements"]][:4] == [PART, 2 * PART, 0, 0]
    assert [row["balance"] for row in found["movements"]][:4] == [PART, 3 * PART, 3 * PART, 3 * PART]
    assert (found["received"], found["returned"], found["balance"]) == (3 * PART, 3 * PART, 0)
    assert [bill["cancelled_for"] for bill in found["bills"]] == ["order_lapsed"]
    came = next(row for row in found["movements"] if row["payment_id"] == story.payments[0])
    assert came["purpose"] == "prepayment"
    assert came["reference"] == (await shop.payment(story.payments[0]))["reference"]


async def test_a_refund_with_profit_and_deductions_leaves_what_is_owed_until_it_is_paid(shop):
    bill = await shop.new_bill()
    await shop.pay(bill["id"])
    refund = RefundRequested(
        version=1,
        refund_id=uuid4(),
        order_id=UUID(bill["order_id"]),
        customer_id=shop.buyer,
        reason="order_cancelled",
        amount=bill["amount"] + 5_000,
        paid=bill["amount"],
        profit=8_000,
        deductions=3_000,
    )
    await shop.hear(refund)
    found = (await statement_of(shop, bill["order_id"])).json()
    assert [(row["kind"], row["change"]) for row in found["movements"]] == [
        ("received", bill["amount"]),
        ("refund_owed", 5_000),
    ]
    assert found["balance"] == bill["amount"] + 5_000
    assert (await shop.balance()).is_kept


async def test_a_statement_is_a_persian_document_too(shop, story):
    answer = await statement_of(shop, f"{story.order_id}/statement.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    said = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    for words in ("صورت‌حساب", "پیش‌پرداخت", "برگشت", story.order_id):
        assert words in said
    assert (await statement_of(shop, f"{story.order_id}/statement.pdf")).content == answer.content


async def test_a_statement_belongs_to_who_has_the_order(shop):
    bill = await shop.new_bill()
    await shop.pay(bill["id"])
    heir = uuid4()
    assert (await statement_of(shop, bill["order_id"], customer_id=heir)).status_code == 404
    taken = OrderTransferred(
        version=9,
        order_id=UUID(bill["order_id"]),
        customer_id=heir,
        from_customer_id=shop.buyer,
        transfer_id=uuid4(),
        contract_number="140400000012",
    )
    await shop.hear(taken)
    assert (await statement_of(shop, bill["order_id"], customer_id=heir)).json()["balance"] == bill["amount"]
    assert (await statement_of(shop, bill["order_id"])).status_code == 404
    assert (await statement_of(shop, uuid4())).status_code == 404


async def test_finance_sees_the_accounts_and_is_seen(shop, story, finance):
    path = f"/api/v1/staff/statements/{story.order_id}"
    found = (await shop.client.get(path, headers=finance)).json()
    assert found["accounts"] == {"buyer": 0, "provider:zarinpal": 0, "unapplied": 0}
    assert (await shop.client.get(f"{path}/statement.pdf", headers=finance)).status_code == 200
    assert (await shop.client.get(path, headers=shop.authorization())).status_code == 403
    seen = await shop.rows(
        "SELECT action, subject FROM audit_entries WHERE action = 'payment.statement.viewed' ORDER BY id DESC"
    )
    assert seen[:2] == [("payment.statement.viewed", shop.buyer)] * 2


async def checked(shop, finance):
    await shop.run("payment.ledger_check")
    await shop.run("payment.ledger_metrics")
    return (await shop.client.get("/api/v1/staff/ledger/checks", headers=finance)).json()["items"][0]


async def test_a_check_reads_the_whole_ledger_and_shows_it_as_metrics(shop, story, finance):
    await shop.pay((await shop.new_bill())["id"])
    found = await checked(shop, finance)
    assert found["kept"]
    assert found["postings"] == 14
    assert REGISTRY.get_sample_value("payment_ledger_postings") == 14
    assert REGISTRY.get_sample_value("payment_ledger_checked_timestamp_seconds") == shop.clock().timestamp()


FORGERIES = {
    "an entry of one side": "INSERT INTO ledger_postings SELECT entry_id, 'x', order_id, 7 FROM "
    "ledger_postings LIMIT 1",
    "an entry of nothing": "INSERT INTO ledger_entries VALUES (gen_random_uuid(), 'received', "
    "gen_random_uuid(), now())",
    "a bill that nobody paid": "UPDATE bills SET paid = paid - 7",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
async def test_a_check_finds_what_somebody_did_behind_the_services_back(shop, finance, forgery):
    await shop.pay((await shop.new_bill())["id"])
    async with shop.database.transaction() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        await session.execute(text(forgery))
    found = await checked(shop, finance)
    assert not found["kept"]
    assert found["unbalanced"] or found["bills_difference"]
    wrong = (
        REGISTRY.get_sample_value(f"payment_ledger_{name}")
        for name in ("difference_rial", "unbalanced_entries", "bills_difference_rial")
    )
    assert any(wrong)


async def test_finance_finds_the_order_of_a_bill(shop, finance):
    bill = await shop.new_bill()

    async def found(named, who=finance):
        return await shop.client.get("/api/v1/staff/statements", params={"bill": named}, headers=who)

    for named in (bill["id"], bill["bank_bill_id"], to_persian_digits(bill["bank_bill_id"])):
        assert {"order_id": bill["order_id"]} in (await found(named)).json()["items"]
    assert (await found(str(uuid4()))).json() == {"items": []}
    wrong = await found("12a")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_fields")
    assert (await found(bill["id"], shop.authorization())).status_code == 403
