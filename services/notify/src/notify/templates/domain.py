"""What a template knows, and how it becomes the text of one message.

A template is plain text with named placeholders, ``{amount}``. Which placeholders a template knows is
fixed here by its name, so a text that names another one is refused before anybody is to receive it.
Identifiers stay as they were issued, in ASCII digits: people copy them into a bank's form.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from iran import Rial, jalali_moment, to_persian_digits

FIELDS: Mapping[str, frozenset[str]] = {
    "registration_code": frozenset({"code"}),
    "login_code": frozenset({"code"}),
    "second_factor_code": frozenset({"code"}),
    "password_reset_code": frozenset({"code"}),
    "mobile_change_code": frozenset({"code"}),
    "staff_invitation": frozenset({"link", "expires_at"}),
    "staff_invitation_code": frozenset({"code"}),
    "welcome": frozenset({"first_name"}),
    "registration_repeated": frozenset({"first_name"}),
    "order_placed": frozenset({"first_name", "title", "request_number", "amount", "pay_before"}),
    "order_lapsed": frozenset({"first_name", "request_number"}),
    "contract_activated": frozenset({"first_name", "request_number", "contract_number"}),
    "bill_issued": frozenset(
        {"first_name", "purpose", "amount", "bank_bill_id", "bank_payment_id", "due_at"}
    ),
    "bill_paid": frozenset({"first_name", "purpose", "amount", "reference", "paid_at"}),
    "bill_part_paid": frozenset({"first_name", "purpose", "amount", "remaining", "reference", "paid_at"}),
    "bill_due": frozenset({"first_name", "purpose", "amount", "due_at"}),
    "bill_overdue": frozenset({"first_name", "purpose", "amount", "due_at"}),
    "order_settled": frozenset({"first_name", "request_number", "contract_number"}),
    "invitation_issued": frozenset(
        {"first_name", "purpose", "title", "invitation_number", "request_number", "amount", "due_at"}
    ),
    "invitation_postponed": frozenset({"first_name", "invitation_number", "due_at"}),
    "invitation_expired": frozenset({"first_name", "invitation_number", "asks_until"}),
    "order_cancelled": frozenset({"first_name", "request_number", "refund"}),
    "order_voided": frozenset({"first_name", "request_number", "refund"}),
    "order_not_eligible": frozenset({"first_name", "request_number", "refund", "rule"}),
    "refund_paid": frozenset({"first_name", "amount", "reference", "paid_at"}),
    "transfer_proposed": frozenset({"first_name", "contract_number", "expires_at"}),
    "transfer_decided": frozenset({"first_name", "contract_number", "decision"}),
    "order_transferred": frozenset({"first_name", "contract_number"}),
    "payment_returned": frozenset({"first_name", "amount", "reason"}),
    "change_approved": frozenset({"first_name", "field"}),
    "change_refused": frozenset({"first_name", "field", "explanation"}),
    "mobile_changed": frozenset({"new_mobile", "at"}),
    "inquiry_failed": frozenset({"first_name", "inquiry"}),
    "password_changed": frozenset({"first_name", "at"}),
    "device_added": frozenset({"first_name", "device", "at"}),
    "authenticator_changed": frozenset({"first_name", "change", "at"}),
    "session_stolen": frozenset({"first_name", "device", "at"}),
    "staff_changed": frozenset({"first_name", "staff_change", "at"}),
    "account_disabled": frozenset({"first_name", "at"}),
    "account_enabled": frozenset({"first_name", "at"}),
    "complaint_filed": frozenset({"first_name", "complaint_number", "due_at"}),
    "complaint_answered": frozenset({"first_name", "complaint_number"}),
    "complaint_escalated": frozenset({"first_name", "complaint_number", "office"}),
    "complaint_resolved": frozenset({"first_name", "complaint_number"}),
    "complaint_warned": frozenset({"complaint_number", "section", "day", "due_at"}),
    **dict.fromkeys(
        ("car_allocated", "car_invoiced", "car_plated", "car_sent_to_dealer", "car_ready", "car_delivered"),
        frozenset({"first_name", "title", "contract_number"}),
    ),
    "delay_penalty_credited": frozenset({"first_name", "contract_number", "amount"}),
    "draw_selected": frozenset({"first_name", "title", "request_number", "rank"}),
    "draw_reserve": frozenset({"first_name", "title", "request_number", "rank"}),
    "draw_not_selected": frozenset({"first_name", "title", "request_number"}),
    "notice": frozenset({"first_name", "number"}),
}

PURPOSES = {
    "deposit": "ودیعه",
    "prepayment": "پیش‌پرداخت",
    "principal": "تسویه اصل",
    "instalment": "قسط",
    "penalty": "تسویه جریمه",
    "fee": "کارمزد",
}

REASONS = {
    "order_lapsed": "پایان مهلت پرداخت",
    "order_cancelled": "انصراف از درخواست",
    "order_voided": "باطل شدن سفارش",
    "invitation_expired": "پایان مهلت دعوتنامه",
    "bill_replaced": "جایگزین شدن قبض",
    "amount_conflict": "برابر نبودن مبلغ",
    "reference_conflict": "تکراری بودن شماره پیگیری",
    "duplicate": "پرداخت دوباره",
}

PROFILE_FIELDS = {
    "first_name": "نام",
    "last_name": "نام خانوادگی",
    "father_name": "نام پدر",
    "birth_date": "تاریخ تولد",
    "gender": "جنسیت",
    "birth_certificate_number": "شماره شناسنامه",
    "education": "تحصیلات",
    "occupation": "شغل",
    "email": "رایانامه",
    "iban": "شبا",
    "address": "نشانی",
}

INQUIRIES = {
    "civil_registry": "نام یا تاریخ تولدی که نوشته‌اید با ثبت احوال",
    "iban_owner": "شماره‌ی شبایی که نوشته‌اید با نام شما نزد بانک",
    "mobile_owner": "شماره‌ی همراهی که نوشته‌اید با کد ملی شما نزد اپراتور",
}
"""What an inquiry found not to be so; a verb follows."""

AUTHENTICATOR_CHANGES = {
    "enrolled": "فعال شدن برنامه رمزساز",
    "removed": "برداشته شدن برنامه رمزساز",
    "recovery_codes_renewed": "تازه شدن کدهای بازیابی",
    "recovery_code_used": "به کار رفتن یک کد بازیابی",
}

STAFF_CHANGES = {
    "roles_changed": "نقش‌های شما تغییر کرد",
    "dealership_changed": "نمایندگی شما تغییر کرد",
    "removed": "دسترسی شما برداشته شد",
}

TRANSFER_DECISIONS = {
    "completed": "انجام شد و قرارداد دیگر به نام شما نیست",
    "declined": "از سوی طرف دیگر پذیرفته نشد",
    "withdrawn": "از سوی صاحب قرارداد پس گرفته شد",
    "refused": "از سوی فروشنده پذیرفته نشد",
    "expired": "در مهلت آن پذیرفته نشد",
    "order_ended": "با پایان یافتن سفارش پس گرفته شد",
}

UNMET_RULES = {
    "account_open": "حساب شما بسته شده است",
    "minimum_age": "سن شما کمتر از حداقل سن طرح است",
    "blocked_deposit": "ودیعه‌ی طرح در حساب بانکی شما مسدود نشده است",
    "civil_registry_checked": "نام یا تاریخ تولد شما با ثبت احوال نمی‌خواند",
    "iban_owner_checked": "شبا به نام شما نیست",
    "mobile_owner_checked": "شماره‌ی همراه به نام شما نیست",
    "class_member": "عضویت شما در گروه متقاضیان تأیید نشده است",
    "age": "سن شما در محدوده‌ی طرح نیست",
    "licence": "گواهینامه‌ی لازم برای شما ثبت نشده است",
    "no_active_plate": "شما پلاک فعال دارید",
    "months_since_purchase": "از آخرین خرید شما به اندازه‌ی کافی نگذشته است",
    "not_banned": "نام شما در فهرست ممنوعان است",
}
"""What is wrong with a buyer by a rule of eligibility."""

SECTIONS = {"sales": "فروش", "after_sales": "خدمات پس از فروش", "dealership": "نمایندگی"}
OFFICES = {"province": "اداره‌ی صمت استان", "board": "هیأت حل اختلاف"}


def _moment(value: str) -> str:
    return jalali_moment(datetime.fromisoformat(value))


def _amount(value: int) -> str:
    return Rial(value).text_fa


FORMATS: Mapping[str, Callable[[Any], str]] = {
    "amount": _amount,
    "remaining": _amount,
    "rank": to_persian_digits,
    "refund": _amount,
    "asks_until": _moment,
    "decision": TRANSFER_DECISIONS.__getitem__,
    "pay_before": _moment,
    "due_at": _moment,
    "paid_at": _moment,
    "expires_at": _moment,
    "at": _moment,
    "field": PROFILE_FIELDS.__getitem__,
    "change": AUTHENTICATOR_CHANGES.__getitem__,
    "staff_change": STAFF_CHANGES.__getitem__,
    "inquiry": INQUIRIES.__getitem__,
    "purpose": PURPOSES.__getitem__,
    "reason": REASONS.__getitem__,
    "rule": UNMET_RULES.__getitem__,
    "office": OFFICES.__getitem__,
    "section": SECTIONS.__getitem__,
    "day": to_persian_digits,
}
"""From the JSON value of a field to what people read; fields that are not here are text already."""


def render(text: str, values: Mapping[str, Any]) -> str:
    """The text for people. ``values`` are JSON values by field name; KeyError when one is missing."""
    return text.format_map(words(values))


def words(values: Mapping[str, Any]) -> dict[str, str]:
    """What people read in the place of each field."""
    return {field: FORMATS.get(field, str)(value) for field, value in values.items()}
