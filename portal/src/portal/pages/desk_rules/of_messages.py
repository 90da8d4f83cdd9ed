"""The registers of messages: how fast, for how much, through whom and when nobody is disturbed."""

from collections.abc import Mapping

from portal.pages.desk.fields import Field
from portal.pages.desk_rules.register import Register
from portal.words import SMS_PROVIDERS


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is shown."""
    return text


LANES = {"code": _("رمز یک‌بارمصرف"), "transactional": _("خبر کار خود مشتری"), "bulk": _("انبوه")}
ROUTES = {**LANES, "voice": _("تماس گویا برای رمزی که نرسید")}
UNITS = {"rial": _("ریال"), "messages": _("پیامک")}
REGISTERS: Mapping[str, Register] = {
    "lanes": Register(
        _("مسیرهای پیامک"),
        _("هر مسیر چه تند و با چه هزینه‌ای می‌فرستد؛ هیچ‌یک دیگری را معطل نمی‌کند."),
        "/staff/message-lanes",
        "message_lanes.read",
        "message_lanes.write",
        (
            Field("lane", _("مسیر"), "choice", choices=LANES),
            Field("in_flight", _("هم‌زمان در راه"), "number", _("برای هر کارگر")),
            Field("per_second", _("بیشترین در ثانیه"), "number", _("خالی: بی‌مرز"), optional=True),
            Field("rial_per_part", _("بهای هر پیامک (ریال)"), "rial"),
            Field("daily_rial", _("بودجه‌ی روز (ریال)"), "rial", _("خالی: بی‌مرز"), optional=True),
            Field("warn_percent", _("هشدار از چند درصد بودجه"), "number"),
        ),
        key=("lane",),
        told=(
            Field("spent_today", _("خرج امروز"), "rial"),
            Field("warning", _("به مرز هشدار رسیده"), "flag"),
        ),
        changes=True,
    ),
    "quiet-hours": Register(
        _("ساعت‌های آرامش"),
        _("ارسال انبوه در این ساعت‌ها می‌ایستد؛ دو ساعت یکسان یعنی هرگز."),
        "/staff/message-run-rules",
        "message_runs.read",
        "message_runs.rules",
        (
            Field("quiet_from", _("از ساعت"), "time", _("مانند ۲۲:۰۰")),
            Field("quiet_until", _("تا ساعت"), "time", _("مانند ۰۸:۰۰")),
            Field("four_eyes_above", _("ارسال به بیش از این شمار دو نفر می‌خواهد"), "number"),
        ),
        changes=True,
        single=True,
    ),
    "sms-providers": Register(
        _("سامانه‌های پیامک"),
        _("چه مانده دارند و از چه مانده‌ای هشدار داده می‌شود."),
        "/staff/sms-providers",
        "sms_routes.read",
        "sms_routes.write",
        (
            Field("name", _("سامانه"), "choice", choices=SMS_PROVIDERS),
            Field("credit_floor", _("هشدار از مانده‌ی"), "number"),
        ),
        key=("name",),
        told=(
            Field("connected", _("وصل است"), "flag"),
            Field("credit", _("مانده"), "number"),
            Field("credit_unit", _("یکای مانده"), "choice", choices=UNITS),
            Field("credit_at", _("مانده در"), "moment"),
            Field("texts_at_once", _("پیامک در هر درخواست"), "number"),
            Field("voice", _("تماس گویا"), "flag"),
        ),
        changes=True,
    ),
    "sms-routes": Register(
        _("ترتیب سامانه‌های پیامک"),
        _("نخستین سامانه پیش از همه آزموده می‌شود؛ بی هیچ سامانه‌ای چیزی فرستاده نمی‌شود."),
        "/staff/sms-routes",
        "sms_routes.read",
        "sms_routes.write",
        (
            Field("route", _("برای"), "choice", choices=ROUTES),
            Field(
                "providers",
                _("سامانه‌ها به ترتیب"),
                "words",
                _("نام‌ها را با ویرگول جدا کنید."),
                choices=SMS_PROVIDERS,
            ),
        ),
        key=("route",),
        changes=True,
    ),
}
