"""Each event leads to exactly one SMS with the right words."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest

from events.identity import RegistrationRepeated
from events.payment import (
    BillDue,
    BillIssued,
    BillOverdue,
    BillPaid,
    BillPartPaid,
    PaymentReturned,
    RefundPaid,
)
from events.sales import (
    ContractActivated,
    InvitationExpired,
    InvitationIssued,
    InvitationPostponed,
    OrderCancelled,
    OrderLapsed,
    OrderPlaced,
    OrderSettled,
    OrderTransferred,
    OrderVoided,
    TransferDecided,
    TransferProposed,
)
from iran import jalali_moment

AMOUNT, AMOUNT_FA = 9_000_000_000, "۹٬۰۰۰٬۰۰۰٬۰۰۰ ریال"
DEADLINE = datetime.now(UTC) + timedelta(days=2)
NUMBER, INVITATION = "140409000017", "312345678906"


def about(kind, customer_id):
    """An event of ``kind`` about a customer's order."""
    known = {
        "version": 1,
        "customer_id": customer_id,
        "order_id": uuid4(),
        "plan_id": uuid4(),
        "bill_id": uuid4(),
        "payment_id": uuid4(),
        "attempt_id": uuid4(),
        "title": "فروش فوری آذر",
        "request_number": NUMBER,
        "contract_number": "K140400021",
        "purpose": "prepayment",
        "amount": AMOUNT,
        "remaining": 1_000,
        "pay_before": DEADLINE,
        "due_at": DEADLINE,
        "paid_at": DEADLINE,
        "bank_bill_id": "1234567890128",
        "bank_payment_id": "90000000123",
        "reference": "201",
        "method": "reversed",
        "reason": "order_lapsed",
        "invitation_id": uuid4(),
        "invitation_number": INVITATION,
        "asks_until": DEADLINE,
        "expires_at": DEADLINE,
        "refund_id": uuid4(),
        "refund": 500,
        "reassigned": False,
        "transfer_id": uuid4(),
        "from_customer_id": uuid4(),
        "decision": "completed",
    }
    return kind(**{**known, **getattr(kind, "keywords", {})})


@pytest.mark.parametrize(
    ("kind", "template", "words"),
    [
        (RegistrationRepeated, "registration_repeated", ["حساب شما تغییری نکرد"]),
        (OrderPlaced, "order_placed", ["فروش فوری آذر", NUMBER, AMOUNT_FA, jalali_moment(DEADLINE)]),
        (OrderLapsed, "order_lapsed", [NUMBER, "پایان یافت"]),
        (ContractActivated, "contract_activated", ["K140400021", NUMBER]),
        (
            BillIssued,
            "bill_issued",
            ["پیش‌پرداخت", "1234567890128", "90000000123", AMOUNT_FA, jalali_moment(DEADLINE)],
        ),
        (BillPaid, "bill_paid", ["پیش‌پرداخت", AMOUNT_FA, "201"]),
        (BillPartPaid, "bill_part_paid", ["پیش‌پرداخت", AMOUNT_FA, "۱٬۰۰۰ ریال", "201"]),
        (BillDue, "bill_due", ["پیش‌پرداخت", AMOUNT_FA, jalali_moment(DEADLINE)]),
        (BillOverdue, "bill_overdue", ["پیش‌پرداخت", AMOUNT_FA, jalali_moment(DEADLINE)]),
        (OrderSettled, "order_settled", ["K140400021", "پرداخت شد"]),
        (InvitationIssued, "invitation_issued", [INVITATION, NUMBER, AMOUNT_FA, jalali_moment(DEADLINE)]),
        (InvitationPostponed, "invitation_postponed", [INVITATION, jalali_moment(DEADLINE)]),
        (InvitationExpired, "invitation_expired", [INVITATION, jalali_moment(DEADLINE), "واگذاری مجدد"]),
        (partial(OrderCancelled, reason="buyer"), "order_cancelled", [NUMBER, "۵۰۰ ریال"]),
        (partial(OrderVoided, rule="ban_list"), "order_voided", [NUMBER, "۵۰۰ ریال"]),
        (
            partial(OrderVoided, rule="blocked_deposit"),
            "order_not_eligible",
            [NUMBER, "۵۰۰ ریال", "ودیعه‌ی طرح در حساب بانکی شما مسدود نشده است"],
        ),
        (RefundPaid, "refund_paid", [AMOUNT_FA, "201"]),
        (TransferProposed, "transfer_proposed", ["K140400021", jalali_moment(DEADLINE)]),
        (TransferDecided, "transfer_decided", ["K140400021", "انجام شد"]),
        (
            partial(TransferDecided, decision="withdrawn"),
            "transfer_decided",
            ["K140400021", "از سوی صاحب قرارداد پس گرفته شد"],
        ),
        (OrderTransferred, "order_transferred", ["K140400021", "به نام شما"]),
        (PaymentReturned, "payment_returned", [AMOUNT_FA, "پایان مهلت پرداخت"]),
    ],
)
async def test_a_milestone_is_told_once_however_often_its_event_comes(
    notify, simulator, person, kind, template, words
):
    await notify.handle(person.registered())
    await notify.send()
    event = about(kind, person.customer_id)
    envelope = await notify.handle(event)
    await notify.handle(event, envelope)
    await notify.send()
    await notify.handle(event, envelope)
    await notify.send()
    [told, _] = await simulator.inbox(person.mobile)
    assert all(word in told["text"] for word in words)
    assert [row["template"] for row in await notify.rows()] == ["welcome", template]


async def test_a_new_customer_is_welcomed_by_first_name(notify, simulator, person):
    registered = person.registered()
    envelope = await notify.handle(registered)
    await notify.handle(registered, envelope)
    await notify.send()
    [welcome] = await simulator.taken(person.mobile)
    assert welcome["text"] == "نازنین گرامی، حساب شما در نوبت فعال شد."
    assert welcome["sender"] == "10004346"


async def test_a_changed_contact_is_used_and_not_welcomed_again(notify, simulator, person):
    moved = "09350000001"
    await notify.handle(person.registered(version=2, mobile=moved))
    await notify.handle(person.registered(version=1))
    await notify.send()
    assert await simulator.inbox(person.mobile) == []
    assert len(await simulator.inbox(moved)) == 1


async def test_a_message_waits_for_a_contact_that_is_still_to_come(notify, simulator, person):
    await notify.handle(about(OrderLapsed, person.customer_id))
    await notify.send()
    notify.clock.advance(seconds=30)
    await notify.send()
    assert await notify.state() == "queued"
    await notify.handle(person.registered())
    notify.clock.advance(seconds=30)
    await notify.send()
    texts = [item["text"] for item in await simulator.inbox(person.mobile)]
    assert len(texts) == 2
    assert any(NUMBER in text for text in texts)


async def test_a_deadline_that_has_passed_is_not_announced(notify, simulator, person):
    await notify.handle(person.registered())
    await notify.send()
    await notify.handle(about(OrderPlaced, person.customer_id))
    notify.clock.set(DEADLINE)
    await notify.send()
    assert len(await simulator.taken(person.mobile)) == 1
    assert [row["state"] for row in await notify.rows()] == ["sent", "expired"]
