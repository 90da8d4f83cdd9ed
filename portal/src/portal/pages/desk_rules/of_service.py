"""The registers of complaints and of the days on which is worked."""

from collections.abc import Mapping

from portal.pages.desk.fields import Field
from portal.pages.desk_rules.register import Register
from portal.words import SECTIONS


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is shown."""
    return text


REGISTERS: Mapping[str, Register] = {
    "complaint-rules": Register(
        _("مهلت‌های شکایت"),
        _("برای شکایت‌هایی که از آن روز ثبت می‌شوند."),
        "/staff/complaint-rules",
        "complaints.read",
        "complaints.rules",
        (
            Field("valid_from", _("از روز"), "day", _("از فردا؛ مانند ۱۴۰۶/۰۱/۱۵")),
            Field("answer_days", _("روزهای پاسخ"), "number"),
            Field("warnings", _("هشدار در روزهای"), "numbers", _("به ترتیب، مانند ۱۰، ۲۰، ۲۵")),
            Field("reopen_days", _("روزهای بازگشایی"), "number"),
            Field("decision_days", _("روزهای رأی هیئت"), "number"),
            Field("execution_days", _("روزهای اجرای رأی"), "number"),
        ),
        key=("valid_from",),
        adds="PUT",
    ),
    "complaint-topics": Register(
        _("موضوع‌های شکایت"),
        _("آنچه مشتری از میانشان برمی‌گزیند؛ شکایت‌های پیشین می‌مانند."),
        "/staff/complaint-topics",
        "complaints.read",
        "complaints.rules",
        (
            Field("title", _("عنوان")),
            Field("code", _("کد"), hint=_("حروف کوچک لاتین، رقم و خط زیر")),
            Field("sections", _("بخش‌ها"), "several", choices=SECTIONS),
            Field("to_province", _("نخست به اداره‌ی صمت استان می‌رود"), "flag"),
            Field("position", _("جا در فهرست"), "number", _("خالی: آخر"), optional=True),
        ),
        key=("code",),
        told=(Field("active", _("پذیرفته می‌شود"), "flag"),),
        adds="POST",
        changes=True,
        retires=True,
    ),
    "complaint-contacts": Register(
        _("کشیک شکایت‌ها"),
        _("به این شماره پیامک می‌شود که شکایتی دیر می‌ماند."),
        "/staff/complaint-contacts",
        "complaints.rules",
        "complaints.rules",
        (
            Field("section", _("بخش"), "choice", choices=SECTIONS),
            Field("mobile", _("شماره‌ی همراه")),
        ),
        key=("section",),
        told=(Field("updated_at", _("آخرین تغییر"), "moment"),),
        adds="PUT",
        removes=True,
    ),
    "days": Register(
        _("روزهای کاری و تعطیل"),
        _("روزهایی که تقویم پیش‌بینی نکرده بود؛ مهلت‌های باز خودبه‌خود جابه‌جا می‌شوند."),
        "/staff/calendar",
        "calendar.read",
        "calendar.write",
        (
            Field("scope", _("برای"), "choice", choices={"bank": _("بانک"), "office": _("دفتر")}),
            Field("day", _("روز"), "day", _("مانند ۱۴۰۶/۰۱/۱۵")),
            Field("working", _("روز کاری است"), "flag"),
            Field("reason", _("دلیل")),
        ),
        key=("scope", "day"),
        told=(Field("applied_at", _("مهلت‌ها جابه‌جا شد"), "moment"),),
        adds="PUT",
    ),
}
