"""The registers of finance."""

from collections.abc import Mapping

from portal.pages.desk.fields import Field
from portal.pages.desk_rules.register import Register
from portal.words import PENALTY_KINDS


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is shown."""
    return text


FROM = Field("valid_from", _("از روز"), "day", _("مانند ۱۴۰۶/۰۱/۱۵"))
REGISTERS: Mapping[str, Register] = {
    "card-limits": Register(
        _("سقف کارت‌ها"),
        _("یک کارت در یک روز تا چه اندازه می‌پردازد؛ قبض بزرگ‌تر در چند پرداخت می‌رسد."),
        "/staff/card-limits",
        "card_limits.read",
        "card_limits.write",
        (
            FROM,
            Field("daily_ceiling", _("سقف روزانه (ریال)"), "rial"),
            Field("smallest_part", _("کوچک‌ترین پرداخت (ریال)"), "rial"),
        ),
        key=("valid_from",),
        adds="PUT",
    ),
    "late-fee-caps": Register(
        _("سقف جریمه‌ی دیرکرد خریدار"),
        _("جریمه‌ی قسط دیرشده از این نرخ بالاتر نمی‌رود."),
        "/staff/late-fee-caps",
        "late_fees.read",
        "late_fees.write",
        (FROM, Field("rate", _("نرخ سالانه (درصد)"), "percent")),
        adds="POST",
    ),
    "penalty-rates": Register(
        _("نرخ جریمه‌ی دیرکرد تحویل"),
        _("برای هر نوع فروش؛ از چند نسخه‌ی یک روز آخرین برقرار است."),
        "/staff/penalty-rates",
        "penalties.read",
        "penalties.write",
        (
            Field("kind", _("نوع فروش"), "choice", choices=PENALTY_KINDS),
            FROM,
            Field("monthly", _("نرخ ماهانه (درصد)"), "percent"),
            Field("yearly_deposit", _("سود سالانه‌ی ودیعه (درصد)"), "percent", _("اگر ندارد صفر بنویسید.")),
            Field("divisor", _("روزهای ماه"), "number", _("از ۲۸ تا ۳۱")),
            Field("source", _("بخشنامه یا قانون")),
        ),
        told=(Field("version", _("نسخه"), "number"),),
        adds="POST",
    ),
}
