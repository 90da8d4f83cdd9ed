"""A plan is judged as a whole: each fault has its field and its code, and all are told at once."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iran import BillPair
from sales.plans.commands import OfferingDraft, PlanDraft
from sales.plans.faults import Sibling, Surroundings, faults_of
from sales.plans.terms import Instalment, PlanTerms, amounts, schedule

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
AROUND = Surroundings(NOW)
CAR = OfferingDraft(
    model="سپند",
    trim="دنده‌ای",
    colours=["سفید", "سیاه"],
    price=9_000_000_000,
    prepayment=900_000_000,
    capacity=100,
)
PLAN = PlanDraft(
    circular="C-1",
    title="فروش",
    kind="immediate",
    opens_at=NOW,
    closes_at=NOW + timedelta(days=2),
    pay_within=timedelta(hours=48),
    offerings=[CAR],
)


def found(around=AROUND, car=None, terms=None, **changes) -> set[tuple[str, str]]:
    offerings = [CAR.model_copy(update=car or {})]
    plan = PLAN.model_copy(update={"offerings": offerings, "terms": terms or PLAN.terms, **changes})
    return {(fault.field, fault.code) for fault in faults_of(plan, around)}


def test_a_plan_without_faults_has_none():
    assert found() == set()


BOTH = {"applicant_classes": ["ordinary", "veterans"]}
PRE_SALE = {"kind": "pre_sale"}
MONTHLY = tuple(Instalment(after_days=30 * month) for month in range(1, 13))


@pytest.mark.parametrize(
    ("faults", "changes"),
    [
        ({("closes_at", "already_over")}, {"closes_at": NOW, "opens_at": NOW - timedelta(days=1)}),
        ({("applicant_classes", "repeated")}, {"applicant_classes": ["ordinary", "ordinary"]}),
        ({("quota_handover", "unknown_class")}, {"quota_handover": ["veterans"]}),
        ({("quota_handover_at", "handover_time")}, {"quota_handover_at": NOW + timedelta(days=1)}),
        (
            {("quota_handover_at", "handover_time")},
            {"quota_handover": ["ordinary"], "quota_handover_at": NOW + timedelta(days=2)},
        ),
        (set(), {"quota_handover": ["ordinary"], "quota_handover_at": NOW + timedelta(days=1)}),
        (
            {("offerings.0.class_quotas", "quotas_exceed_capacity")},
            BOTH | {"car": {"class_quotas": {"ordinary": 60, "veterans": 41}}},
        ),
        (
            {("offerings.0.class_quotas", "quotas_leave_capacity")},
            BOTH | {"car": {"class_quotas": {"ordinary": 60, "veterans": 39}}},
        ),
        (
            {("offerings.0.class_quotas", "quota_missing")},
            BOTH | {"car": {"class_quotas": {"ordinary": 100}}},
        ),
        (
            {("offerings.0.class_quotas", "unknown_class"), ("offerings.0.class_quotas", "quota_missing")},
            {"car": {"class_quotas": {"veterans": 100}}},
        ),
        (
            {("offerings.0.colour_quotas", "unknown_colour")},
            {"car": {"colour_quotas": {"سفید": 50, "سیاه": 30, "آبی": 20}}},
        ),
        (
            {("offerings.0.dealership_quotas", "unknown_dealership")},
            {"car": {"dealership_quotas": {uuid4(): None}}},
        ),
        ({("rule_set_id", "unknown_rule_set")}, {"rule_set_id": uuid4()}),
        ({("terms.instalments", "instalments_needed")}, {"kind": "instalment"}),
        (
            {("terms.instalments.0", "instalment_due"), ("terms.instalments.0", "instalment_amount")},
            PRE_SALE | {"terms": PlanTerms(instalments=(Instalment(share=10, amount=1000),))},
        ),
        (
            {("terms.instalments", "instalment_order")},
            PRE_SALE | {"terms": PlanTerms(instalments=MONTHLY[::-1])},
        ),
        (
            {("offerings.0.price", "instalments_exceed_price")},
            PRE_SALE | {"terms": PlanTerms(instalments=(Instalment(after_days=30, share=9001),))},
        ),
        (
            {("offerings.0.price", "instalments_below_price")},
            {
                "kind": "instalment",
                "terms": PlanTerms(instalments=(Instalment(after_days=30, amount=1_000_000),)),
            },
        ),
        (
            {("terms.instalments", "instalments_need_fixed_price")},
            PRE_SALE | {"terms": PlanTerms(instalments=MONTHLY, price_policy="day_price")},
        ),
        (
            {("terms.transfer_allowed", "transfer_needs_pre_sale")},
            {"terms": PlanTerms(transfer_allowed=True)},
        ),
        ({("terms.deposit", "deposit_needed")}, {"kind": "power_of_attorney"}),
        ({("max_choices", "one_choice"), ("max_choices", "too_many_choices")}, {"max_choices": 2}),
        (
            {("offerings.0.class_quotas", "draw_needs_class_quotas")},
            {"method": "draw", "applicant_classes": ["ordinary", "veterans"]},
        ),
        (
            {("offerings.0.colour_quotas", "draw_divides_by_class")},
            {"method": "draw", "car": {"colours": ["سفید"], "colour_quotas": {"سفید": 10}, "capacity": 10}},
        ),
        (
            {("offerings.0.delivery_days", "delivery_twice")},
            {"car": {"delivery_days": 30, "delivery_from": date(2027, 1, 1)}},
        ),
        (
            {("offerings.0.delivery_from", "delivery_before_sale")},
            {"car": {"delivery_from": date(2026, 11, 1)}},
        ),
    ],
)
def test_each_fault_is_found_and_no_other(faults, changes):
    assert found(**changes) == faults


def test_what_else_there_is_counts_too():
    sibling = Sibling(NOW, NOW + timedelta(days=1), frozenset({("سپند", "دنده‌ای")}))
    elsewhere = Sibling(NOW, NOW + timedelta(days=1), frozenset({("سپند", "خودکار")}))
    later = Sibling(NOW + timedelta(days=2), NOW + timedelta(days=3), sibling.cars)
    around = Surroundings(NOW, circular_taken=True, siblings=[elsewhere, later, sibling])
    assert found(around) == {("circular", "circular_taken"), ("opens_at", "overlapping_period")}
    assert found(Surroundings(NOW, siblings=[elsewhere, later])) == set()


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "fault"),
    [
        (date(2026, 11, 22), None, False),
        (date(2026, 11, 22), date(2026, 11, 22), False),
        (date(2026, 11, 23), None, True),
        (date(2026, 1, 1), date(2026, 11, 21), True),
    ],
)
def test_a_rule_set_must_be_valid_on_the_day_of_the_opening(valid_from, valid_until, fault):
    around = Surroundings(NOW, rule_set=(valid_from, valid_until))
    assert found(around, rule_set_id=uuid4()) == ({("rule_set_id", "rule_set_not_valid")} if fault else set())


@given(
    price=st.integers(1_000, 90_000_000).map(lambda thousands: thousands * BillPair.STEP),
    share=st.integers(1, 9_999),
    months=st.integers(1, 36),
)
def test_open_instalments_make_up_the_price_to_the_rial(price, share, months):
    prepayment = price * share // 10_000 // BillPair.STEP * BillPair.STEP or BillPair.STEP
    due = amounts(price, prepayment, [Instalment(after_days=30 * month + 30) for month in range(months)])
    assert prepayment + sum(due) == price
    assert all(amount % BillPair.STEP == 0 for amount in due)
    assert max(due) - min(due) < months * BillPair.STEP


def test_shares_and_amounts_stay_what_they_are_and_the_open_one_takes_the_rest():
    instalments = [
        Instalment(after_days=30, share=2_500),
        Instalment(after_days=60),
        Instalment(due_date=date(2027, 3, 21), amount=1_000_000),
    ]
    rows = schedule(100_000_000, 10_000_000, instalments)
    assert [row.amount for row in rows] == [25_000_000, 64_000_000, 1_000_000]
    assert [(row.number, row.after_days, row.due_date) for row in rows] == [
        (1, 30, None),
        (2, 60, None),
        (3, None, date(2027, 3, 21)),
    ]
