"""A deposit whose bill the bank did not name is given one: one of finance proposes, another one decides."""

from uuid import UUID, uuid4

import pytest

from iran import BillPair, tehran_date

NOTE = {"note": "فیش را خریدار فرستاد"}
HEADING = "bill_id,payment_id,amount,reference,on"


@pytest.fixture
async def strange(shop, counter):
    """A deposit of some Rial with a pair of ids that no bill has; gives the deposit."""

    async def strange(amount):
        pair = BillPair.issue(file_code=99_999_990, company=123, amount=5_000, year=4, period=0)
        row = (pair.bill_id, pair.payment_id, amount, "S-1", tehran_date(shop.clock()))
        await counter.send_in("\n".join([HEADING, ",".join(map(str, row))]).encode())
        [deposit] = (await counter.get("/deposits", outcome="unknown_bill")).json()["items"]
        return deposit

    return strange


async def proposed(counter, deposit, bill):
    answer = await counter.post(f"/deposits/{deposit['id']}/assignments", NOTE | {"bill_id": bill["id"]})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def decided(counter, assignment, decision, who=None):
    return await counter.post(f"/deposits/assignments/{assignment['id']}/{decision}", {}, who)


async def test_two_of_finance_give_a_deposit_its_bill_and_its_money_counts(shop, counter, strange):
    bill = await shop.new_bill()
    deposit = await strange(bill["amount"])
    assignment = await proposed(counter, deposit, bill)
    assert (assignment["state"], assignment["counts"]) == ("proposed", bill["amount"])
    assert (await shop.bill(bill["id"]))["state"] == "open"
    [waiting] = (await counter.get("/deposits/assignments")).json()["items"]
    assert (waiting["id"], waiting["note"]) == (assignment["id"], NOTE["note"])

    assert (await decided(counter, assignment, "approval")).json()["code"] == "same_person"
    done = (await decided(counter, assignment, "approval", counter.colleague)).json()
    assert (done["state"], done["counts"], done["goes_back"]) == ("approved", bill["amount"], 0)

    assert (await shop.bill(bill["id"]))["state"] == "paid"
    [event] = await shop.published("payment.bill_paid.v1")
    assert (event["bill_id"], event["reference"]) == (bill["id"], "012-S-1")
    balance = await shop.balance()
    assert balance.is_kept
    assert balance.accounts == {"buyer": -bill["amount"], "bank": bill["amount"]}
    [seen] = (await counter.get("/deposits")).json()["items"]
    assert (seen["outcome"], seen["bill_id"], seen["reason"]) == ("counted", bill["id"], None)
    [difference] = (await counter.get("/differences", source="deposits")).json()["items"]
    assert (difference["closed_at"] is not None, difference["note"]) == (True, NOTE["note"])


async def test_what_the_bill_cannot_take_goes_back_and_is_minded(shop, counter, strange):
    bill = await shop.new_bill()
    deposit = await strange(bill["amount"] + 7_000)
    assignment = await proposed(counter, deposit, bill)
    await shop.pay(bill["id"])
    done = (await decided(counter, assignment, "approval", counter.colleague)).json()
    assert (done["counts"], done["goes_back"]) == (0, bill["amount"] + 7_000)
    [seen] = (await counter.get("/deposits")).json()["items"]
    assert (seen["outcome"], seen["reason"]) == ("goes_back", "paid_twice")
    assert (await shop.balance()).accounts["unapplied"] == -done["goes_back"]
    assert (await shop.balance()).is_kept


async def test_a_refused_proposal_changes_nothing_and_another_one_may_follow(shop, counter, strange):
    wrong, right = await shop.new_bill(), await shop.new_bill()
    deposit = await strange(right["amount"])
    assignment = await proposed(counter, deposit, wrong)
    path = f"/deposits/{deposit['id']}/assignments"
    twice = await counter.post(path, NOTE | {"bill_id": right["id"]})
    assert twice.json()["code"] == "assignment_open"
    assert (await decided(counter, assignment, "refusal", counter.colleague)).json()["state"] == "refused"
    again = await decided(counter, assignment, "approval", counter.colleague)
    assert again.json()["code"] == "already_decided"
    assert (await shop.bill(wrong["id"]))["paid"] == 0
    another = await proposed(counter, deposit, right)
    assert (await decided(counter, another, "approval", counter.colleague)).is_success
    settled = await counter.post(path, NOTE | {"bill_id": wrong["id"]})
    assert (settled.status_code, settled.json()["code"]) == (409, "deposit_has_its_bill")


async def test_nobody_decides_about_their_own_bill(shop, counter, strange):
    bill = await shop.new_bill()
    assignment = await proposed(counter, await strange(1_000), bill)
    own = shop.keys.authorization(shop.buyer, ["finance"])
    refused = await decided(counter, assignment, "approval", own)
    assert (refused.status_code, refused.json()["code"]) == (403, "same_person")


async def test_every_step_stands_in_the_buyers_audit_trail(shop, counter, strange):
    bill = await shop.new_bill()
    assignment = await proposed(counter, await strange(1_000), bill)
    await decided(counter, assignment, "approval", counter.colleague)
    entries = await shop.rows("SELECT action, subject, details FROM audit_entries ORDER BY id DESC LIMIT 20")
    rows = [row for row in reversed(entries) if row.subject == shop.buyer]
    assert [row.action.rpartition(".")[2] for row in rows] == ["proposed", "approved"]
    assert {row.details["assignment_id"] for row in rows} == {assignment["id"]}
    assert NOTE["note"] not in str(rows)


async def test_only_finance_and_only_known_deposits_and_bills(shop, counter, strange):
    bill, deposit = await shop.new_bill(), await strange(1_000)
    path = f"/deposits/{deposit['id']}/assignments"
    auditor = shop.keys.authorization(uuid4(), ["auditor"])
    body = NOTE | {"bill_id": bill["id"]}
    assert (await counter.post(path, body, auditor)).status_code == 403
    assert (await counter.post(path, NOTE | {"bill_id": str(UUID(int=1))})).status_code == 404
    assert (await counter.post(f"/deposits/{UUID(int=1)}/assignments", body)).status_code == 404
    assert (await counter.post(path, {"bill_id": bill["id"]})).status_code == 422
