"""The rules that a circular may ask for, each with what is typed of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from portal.pages.desk.fields import Field


@dataclass(frozen=True)
class Rule:
    title: str
    fields: tuple[Field, ...] = ()


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is shown."""
    return text


INQUIRIES = {
    "mobile_owner": _("تعلق شماره همراه به کد ملی"),
    "civil_registry": _("نام و تاریخ تولد در ثبت احوال"),
    "iban_owner": _("تعلق شبا به صاحب حساب"),
}
RULES: Mapping[str, Rule] = {
    "age": Rule(
        _("سن"),
        (
            Field("minimum", _("از سال"), "number", optional=True),
            Field("maximum", _("تا سال"), "number", optional=True),
        ),
    ),
    "licence": Rule(
        _("گواهینامه"),
        (Field("lowest_class", _("دست‌کم پایه‌ی"), "number", _("از ۱ تا ۳"), optional=True),),
    ),
    "no_active_plate": Rule(
        _("نداشتن پلاک فعال"),
        (
            Field(
                "single_older_than_years",
                _("جز یک خودروی کهنه‌تر از (سال)"),
                "number",
                optional=True,
            ),
        ),
    ),
    "months_since_purchase": Rule(
        _("فاصله از خرید پیشین"),
        (
            Field("months", _("ماه"), "number"),
            Field("makers", _("از سازندگان"), "words", _("خالی: همه؛ با ویرگول جدا کنید."), optional=True),
        ),
    ),
    "not_banned": Rule(_("نبودن در فهرست محرومان")),
    "inquiries": Rule(_("استعلام‌های درست"), (Field("kinds", _("استعلام‌ها"), "several", choices=INQUIRIES),)),
}


def asked(name: str) -> tuple[Field, ...]:
    """The fields of a rule as a form has them, with its name before theirs."""
    return tuple(replace(field, name=f"{name}.{field.name}") for field in RULES[name].fields)
