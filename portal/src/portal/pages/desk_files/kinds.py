"""The kinds of files: where the API takes each, which columns it has, what else is asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.pages.desk.fields import Field
from portal.words import PAYMENT_PROVIDERS


@dataclass(frozen=True)
class Kind:
    """``options`` are said of the file as a whole."""

    title: str
    columns: str
    api: str
    permission: str
    options: tuple[Field, ...] = ()


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is shown."""
    return text


BANK = Field("bank", _("کد سه‌رقمی بانک"), "text", _("سه رقم نخست شبا پس از دو رقم وارسی، مانند ۰۱۷"))
PLAN = "plan_id"
"""The field whose choices are the plans that the public knows."""
KINDS: Mapping[str, Kind] = {
    "deliveries": Kind(
        _("تخصیص تا تحویل"),
        _("شماره قرارداد، مرحله، تاریخ، شماره شاسی، شماره فاکتور، پلاک"),
        "/staff/deliveries/imports",
        "deliveries.write",
    ),
    "dealerships": Kind(
        _("فهرست نمایندگی‌ها"),
        _("کد، نام، استان، شهر، نشانی، تلفن، ساعت کار، عرض جغرافیایی، طول جغرافیایی و نام روزهای هفته"),
        "/staff/dealerships/imports",
        "dealerships.write",
    ),
    "facts": Kind(
        _("داده‌های متقاضیان"),
        _("موضوع، کد ملی، منبع، شناسه، پایه، سال ساخت، تاریخ، تا تاریخ، پس گرفته"),
        "/staff/facts/imports",
        "facts.write",
    ),
    "deposits": Kind(
        _("صورت‌حساب بانک"),
        _("شناسه قبض، شناسه پرداخت، مبلغ، شماره پیگیری، تاریخ"),
        "/staff/deposits/imports",
        "deposits.write",
        (BANK,),
    ),
    "blocked": Kind(
        _("فهرست ودیعه‌های مسدود"),
        _("کد ملی، مبلغ مسدودی، تاریخ مسدودی، آزاد شده"),
        "/staff/blocked-deposits/imports",
        "blocked_deposits.write",
        (
            BANK,
            Field(PLAN, _("طرح"), "choice"),
            Field("least", _("کمترین مبلغ (ریال)"), "rial"),
            Field("complete", _("فهرست کامل است؛ هر که در آن نیست آزاد شده است"), "flag"),
        ),
    ),
    "provider-days": Kind(
        _("گزارش روز درگاه"),
        _("شناسه تراکنش، شماره پیگیری، مبلغ"),
        "/staff/reconciliations/imports",
        "reconciliation.write",
        (
            Field("provider", _("درگاه"), "choice", choices=PAYMENT_PROVIDERS),
            Field("day", _("روز"), "day", _("مانند ۱۴۰۵/۰۹/۱۵")),
        ),
    ),
}
