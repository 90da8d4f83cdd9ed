"""What templates may say and how they look."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.app import MIGRATIONS
from notify.templates.domain import (
    AUTHENTICATOR_CHANGES,
    FIELDS,
    INQUIRIES,
    OFFICES,
    PROFILE_FIELDS,
    PURPOSES,
    REASONS,
    SECTIONS,
    STAFF_CHANGES,
    TRANSFER_DECISIONS,
    UNMET_RULES,
    render,
)
from notify.templates.rules import (
    MAX_LENGTH,
    SENTENCES,
    InvalidTemplate,
    check,
    check_text,
    is_code,
    parts,
)
from notify.templates.samples import SAMPLES

WRITTEN = [import_module(f"notify.migrations.{path.stem}") for path in sorted(MIGRATIONS.glob("0*.py"))]
TEXTS = {
    name: text
    for migration in WRITTEN
    for name, *_, text in (*getattr(migration, "CODES", ()), *getattr(migration, "TEXTS", ()))
}

moments = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - hypothesis adds the zone
    datetime.isoformat
)
numbers = st.integers(1, 10**13).map(str)
VALUES = {
    "code": st.integers(0, 999_999).map("{:06}".format),
    "first_name": st.text("ابپتسشنیرگ ", min_size=1, max_size=30),
    "title": st.text("طرح فروش فوری", min_size=1, max_size=60),
    "request_number": numbers,
    "contract_number": numbers,
    "number": numbers,
    "rank": st.integers(1, 10**7),
    "invitation_number": numbers,
    "complaint_number": numbers,
    "bank_bill_id": numbers,
    "bank_payment_id": numbers,
    "reference": numbers,
    "amount": st.integers(1_000, 10**12),
    "remaining": st.integers(1_000, 10**12),
    "refund": st.integers(1_000, 10**12),
    "pay_before": moments,
    "due_at": moments,
    "paid_at": moments,
    "expires_at": moments,
    "asks_until": moments,
    "link": st.just("https://nobat.example/staff-invitations/0198c0de-0000-7000-8000-000000000000"),
    "purpose": st.sampled_from(sorted(PURPOSES)),
    "reason": st.sampled_from(sorted(REASONS)),
    "rule": st.sampled_from(sorted(UNMET_RULES)),
    "at": moments,
    "change": st.sampled_from(sorted(AUTHENTICATOR_CHANGES)),
    "staff_change": st.sampled_from(sorted(STAFF_CHANGES)),
    "field": st.sampled_from(sorted(PROFILE_FIELDS)),
    "inquiry": st.sampled_from(sorted(INQUIRIES)),
    "office": st.sampled_from(sorted(OFFICES)),
    "section": st.sampled_from(sorted(SECTIONS)),
    "day": st.integers(1, 365),
    "decision": st.sampled_from(sorted(TRANSFER_DECISIONS)),
    "explanation": st.text("نام پدر با شناسنامه نمی‌خواند", min_size=3, max_size=200),
    "new_mobile": st.just("0912*****89"),
    "device": st.text("Chrome Mobile 120, Android", min_size=1, max_size=60),
}
FOUR_PARTS = 4


def test_every_template_has_a_first_version():
    assert TEXTS.keys() == FIELDS.keys()


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_every_first_version_is_a_valid_template(name):
    check(name, TEXTS[name], {"kavenegar": "pattern"} if is_code(name) else {})


def test_every_field_has_a_sample():
    assert SAMPLES.keys() == frozenset().union(*FIELDS.values())


@pytest.mark.parametrize("name", sorted(FIELDS))
@given(data=st.data())
def test_every_template_renders_and_stays_short(name, data):
    values = data.draw(st.fixed_dictionaries({field: VALUES[field] for field in sorted(FIELDS[name])}))
    text = render(TEXTS[name], values)
    assert not set("{}") & set(text)
    assert len(text) <= MAX_LENGTH
    assert parts(text) <= FOUR_PARTS


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("welcome", " \n", "empty"),
        ("welcome", "ا" * (MAX_LENGTH + 1), "too_long"),
        ("welcome", "ا" * (67 * 4 + 1), "too_many_parts"),
        ("welcome", "{amount} رسید", "unknown_placeholder"),
        ("welcome", "{first_name.__class__}", "unknown_placeholder"),
        ("welcome", "{first_name[0]}", "unknown_placeholder"),
        ("welcome", "{first_name!r}", "malformed_placeholder"),
        ("welcome", "{first_name:>30}", "malformed_placeholder"),
        ("welcome", "{}", "unknown_placeholder"),
        ("welcome", "{first_name", "malformed_placeholder"),
        ("welcome", "سلام\u202eمالس", "unseen_character"),
        ("welcome", "سلام\x07", "unseen_character"),
        ("login_code", "کد ورود شما", "code_missing"),
        ("login_code", "{code} باز هم {code}", "code_missing"),
        ("login_code", "{code} https://nobat.ir", "link_in_code"),
        ("login_code", "{code} nobat.ir را ببینید", "link_in_code"),
        ("login_code", "{code} WWW.nobat", "link_in_code"),
        ("login_code", "{code}" + "ا" * 65, "too_many_parts"),
    ],
)
def test_a_text_that_should_not_be_sent_is_refused_with_the_reason(name, text, code):
    with pytest.raises(InvalidTemplate) as refused:
        check_text(name, text)
    assert [error.code for error in refused.value.errors] == [code]
    assert code in SENTENCES


def test_a_code_needs_a_pattern_and_nothing_else_has_one():
    with pytest.raises(InvalidTemplate) as refused:
        check("login_code", "کد: {code}", {})
    assert [error.code for error in refused.value.errors] == ["pattern_missing"]
    with pytest.raises(InvalidTemplate) as refused:
        check("welcome", "سلام", {"kavenegar": "nobat-hello"})
    assert [error.code for error in refused.value.errors] == ["pattern_needless"]


def test_everything_that_is_wrong_is_said_at_once():
    with pytest.raises(InvalidTemplate) as refused:
        check("login_code", "ببینید: https://nobat.ir", {})
    assert [error.code for error in refused.value.errors] == [
        "code_missing",
        "link_in_code",
        "pattern_missing",
    ]


@given(st.text(max_size=MAX_LENGTH))
def test_whatever_is_accepted_can_be_said(text):
    try:
        check_text("welcome", text)
    except InvalidTemplate:
        return
    assert parts(render(text, SAMPLES)) <= FOUR_PARTS


def test_people_read_persian_digits_and_days_and_copy_ascii_identifiers():
    values = {"amount": 1_250_000, "due_at": "2025-08-03T11:00:00Z", "purpose": "fee", "bank_bill_id": "128"}
    text = render("{purpose} {amount} {due_at} {bank_bill_id}", values)
    assert text == "کارمزد ۱٬۲۵۰٬۰۰۰ ریال ۱۴۰۴/۰۵/۱۲ ساعت ۱۴:۳۰ 128"


def test_a_value_is_not_read_as_a_template():
    assert render("{title}", {"title": "{first_name}", "first_name": "نازنین"}) == "{first_name}"


@pytest.mark.parametrize(("length", "count"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_a_long_text_takes_several_sms(length, count):
    assert parts("ن" * length) == count
