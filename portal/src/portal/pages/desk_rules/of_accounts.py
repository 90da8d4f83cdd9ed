"""The register of how the fields of an account change."""

from collections.abc import Mapping

from portal.pages.desk.fields import Field
from portal.pages.desk_rules.register import Register


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is shown."""
    return text


FIELDS = {
    "national_code": _("کد ملی"),
    "mobile": _("شماره همراه"),
    "first_name": _("نام"),
    "last_name": _("نام خانوادگی"),
    "father_name": _("نام پدر"),
    "birth_date": _("تاریخ تولد"),
    "gender": _("جنسیت"),
    "birth_certificate_number": _("شماره شناسنامه"),
    "education": _("تحصیلات"),
    "occupation": _("شغل"),
    "email": _("رایانامه"),
    "iban": _("شماره شبا"),
    "address": _("نشانی"),
}
HANDLINGS = {"free": _("آزاد"), "approval": _("با تأیید کارکنان"), "locked": _("قفل")}
INQUIRIES = {
    "civil_registry": _("ثبت احوال"),
    "iban_owner": _("صاحب شبا"),
    "mobile_owner": _("صاحب همراه"),
}
REGISTERS: Mapping[str, Register] = {
    "account-fields": Register(
        _("خانه‌های حساب"),
        _("مشتری کدام خانه را خود تغییر می‌دهد؛ درخواست‌های در انتظار با قاعده‌ی پیشین می‌مانند."),
        "/staff/field-policies",
        "field_policies.read",
        "field_policies.write",
        (
            Field("field", _("خانه"), "choice", choices=FIELDS),
            Field("handling", _("تغییر آن"), "choice", choices=HANDLINGS),
            Field("approvals", _("شمار تأیید"), "number", _("صفر، مگر با تأیید کارکنان")),
        ),
        key=("field",),
        told=(
            Field("least_approvals", _("دست‌کم"), "number"),
            Field("inquiries", _("استعلام پس از تغییر"), "words", choices=INQUIRIES),
            Field("valid_from", _("از زمان"), "moment"),
        ),
        changes=True,
    ),
}
