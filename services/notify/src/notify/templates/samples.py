"""Nobody's data, to look at a template with: long names, long numbers, large amounts."""

from collections.abc import Mapping

_MOMENT = "2026-11-30T14:59:00+00:00"
_NUMBER = "140509000017"

SAMPLES: Mapping[str, str | int] = {
    "code": "482913",
    "first_name": "محمدحسین",
    "title": "پیش‌فروش یک‌ساله سپند دنده‌ای، آذر ۱۴۰۵",
    "request_number": _NUMBER,
    "contract_number": _NUMBER,
    "invitation_number": _NUMBER,
    "complaint_number": _NUMBER,
    "number": _NUMBER,
    "bank_bill_id": "1234567890128",
    "bank_payment_id": "90000000123",
    "reference": "140509011234567890",
    "amount": 9_800_000_000,
    "remaining": 4_900_000_000,
    "refund": 9_800_000_000,
    "rank": 12_345,
    **dict.fromkeys(("pay_before", "due_at", "paid_at", "expires_at", "asks_until", "at"), _MOMENT),
    "link": "https://nobat.example/staff-invitations/0198c0de-0000-7000-8000-000000000000",
    "purpose": "penalty",
    "reason": "reference_conflict",
    "rule": "blocked_deposit",
    "change": "recovery_codes_renewed",
    "staff_change": "dealership_changed",
    "field": "birth_certificate_number",
    "inquiry": "mobile_owner",
    "office": "province",
    "section": "after_sales",
    "day": 27,
    "decision": "completed",
    "explanation": "نام پدر با آنچه در شناسنامه آمده است نمی‌خواند",
    "new_mobile": "0912*****89",
    "device": "Chrome Mobile 120, Android",
}
"""JSON values by field."""
