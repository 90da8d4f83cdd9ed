"""What the fields of a plan are called, by the names that the API has for them."""

from collections.abc import Mapping

from portal.formats import digits
from portal.language import gettext
from portal.words import TABLES


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is shown."""
    return text


LABELS: Mapping[str, str] = {
    "circular": _("شماره‌ی بخشنامه"),
    "opens_at": _("آغاز"),
    "closes_at": _("پایان"),
    "applicant_classes": _("گروه‌های متقاضی"),
    "rule_set_id": _("شرایط خریداران"),
    "quota_handover": _("سهم خالی گروه‌ها"),
    "quota_handover_at": _("سهم خالی گروه‌ها"),
    "max_choices": _("شمار انتخاب‌ها در قرعه‌کشی"),
    "instalments": _("قسط‌ها"),
    "transfer_allowed": _("صلح قرارداد مجاز است"),
    "deposit": _("ودیعه‌ی مسدود، ریال"),
    "model": _("خودرو"),
    "price": _("بها، ریال"),
    "capacity": _("ظرفیت"),
    "class_quotas": _("سهم گروه‌ها"),
    "colour_quotas": _("سهم رنگ‌ها"),
    "dealership_quotas": _("سهم نمایندگی‌ها"),
    "delivery_days": _("تحویل، روز پس از قرارداد"),
    "delivery_from": _("تحویل از روز"),
    **TABLES["plan_period"],
}


def label_of(field: str) -> str:
    """Such as ``offerings.0.price``; the name itself when the API has learnt a new one."""
    parts = [part for part in field.split(".") if part not in ("terms", "rates", "periods")]
    if parts[0] == "instalments" and len(parts) > 1:
        return gettext("قسط %(number)s") % {"number": digits(int(parts[1]) + 1)}
    if parts[0] != "offerings" or len(parts) == 1:
        return gettext(LABELS.get(parts[0], field))
    car = gettext("خودروی %(number)s") % {"number": digits(int(parts[1]) + 1)}
    return ": ".join([car, *(gettext(LABELS.get(part, part)) for part in parts[2:3])])
