"""What there is on the desk, and whose work it is; the API judges, this is only what a page offers."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.pages.desk.rights import allows


@dataclass(frozen=True)
class Area:
    """``permission`` is what its first page asks the API for."""

    path: str
    title: str
    what: str
    permission: str


@dataclass(frozen=True)
class Group:
    title: str
    areas: tuple[Area, ...]


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is shown."""
    return text


def _area(path: str, title: str, what: str, permission: str) -> Area:
    return Area(f"/staff/{path}", title, what, permission)


SALES = Group(
    _("فروش"),
    (
        _area("plans", _("طرح‌های فروش"), _("نوشتن، انتشار، توقف و تصویر زنده‌ی فروش"), "plans.read"),
        _area("calendar", _("تقویم گشایش‌ها"), _("آغاز و پایان طرح‌ها به ترتیب روز"), "plans.read"),
        _area("rule-sets", _("شرایط خریداران"), _("آنچه طرح‌ها از خریدار می‌خواهند"), "rules.read"),
        _area("contract-words", _("متن قراردادها"), _("نسخه‌ها و نسخه‌ی بعدی"), "contracts.read"),
        _area("lookup", _("جست‌وجوی سفارش"), _("با شماره یا کد ملی؛ هر جست‌وجو ثبت می‌شود"), "desk.lookup"),
        _area("files/deliveries", _("تخصیص تا تحویل"), _("پرونده‌ی تخصیص و ثبت مرحله‌ها"), "deliveries.write"),
        _area("transfers", _("صلح قراردادها"), _("تأیید یا رد"), "transfers.read"),
        _area("files/facts", _("داده‌های متقاضیان"), _("آنچه شرایط طرح‌ها از آن می‌پرسند"), "facts.write"),
        _area("dealerships", _("نمایندگی‌ها"), _("نشانی، ساعت کار، ورود از پرونده"), "dealerships.read"),
    ),
)
PEOPLE = Group(
    _("مردم"),
    (
        _area("people", _("جست‌وجوی افراد"), _("با کد ملی یا همراه؛ خود او می‌بیند"), "customers.search"),
        _area("approvals", _("تغییر حساب‌ها"), _("درخواست‌هایی که دو نفر باید ببینند"), "approvals.read"),
        _area(
            "rules/account-fields", _("خانه‌های حساب"), _("کدام آزاد، با تأیید یا قفل"), "field_policies.read"
        ),
        _area("inquiries", _("استعلام دوباره"), _("برای همه یا شماری از حساب‌ها"), "inquiries.write"),
        _area("complaints", _("صدای مشتری"), _("شکایت‌ها با ساعت سی‌روزه"), "complaints.read"),
        _area(
            "rules/complaint-topics", _("موضوع‌های شکایت"), _("افزودن، تغییر، کنار گذاشتن"), "complaints.read"
        ),
        _area("rules/complaint-rules", _("مهلت‌های شکایت"), _("روزهای پاسخ، هشدار و رأی"), "complaints.read"),
        _area("rules/complaint-contacts", _("کشیک شکایت‌ها"), _("به چه کسی هشدار می‌رسد"), "complaints.rules"),
    ),
)
MESSAGES = Group(
    _("پیامک"),
    (
        _area("messages", _("متن پیامک‌ها"), _("نسخه‌ها، پیش‌نمایش و انتشار"), "message_templates.read"),
        _area("runs", _("ارسال انبوه"), _("پیشرفت، توقف و ادامه"), "message_runs.read"),
        _area("rules/quiet-hours", _("ساعت‌های آرامش"), _("کی کسی را نمی‌آزاریم"), "message_runs.read"),
        _area("rules/lanes", _("مسیرهای پیامک"), _("تندی، بودجه و خرج امروز"), "message_lanes.read"),
        _area("rules/sms-providers", _("سامانه‌های پیامک"), _("مانده و مرز هشدار"), "sms_routes.read"),
        _area("rules/sms-routes", _("ترتیب سامانه‌های پیامک"), _("نخست از کدام"), "sms_routes.read"),
    ),
)
MONEY = Group(
    _("پول"),
    (
        _area("refunds", _("بازگشت وجه"), _("دسته‌های پرداخت به شبا با تأیید دو نفر"), "refunds.read"),
        _area("differences", _("مغایرت‌ها"), _("تطبیق روزانه با بانک‌ها"), "differences.read"),
        _area(
            "reconciliations", _("روزهای درگاه‌ها"), _("روزانه با هر درگاه، یا دوباره"), "reconciliation.read"
        ),
        _area("deposits", _("واریزهای شعبه"), _("چه رسید و برای کدام قبض"), "deposits.read"),
        _area("blocked-deposits", _("ودیعه‌های مسدود"), _("فهرست بانک‌ها و ناجورها"), "blocked_deposits.read"),
        _area("statements", _("صورت‌حساب سفارش"), _("دریافت، بازگشت و حساب‌ها"), "ledger.read"),
        _area("ledger", _("وارسی دفتر کل"), _("دفتر هر بار درست بوده است یا نه"), "ledger.read"),
        _area("providers", _("درگاه‌های پرداخت"), _("ترتیب، کارمزد، روشن یا خاموش"), "payment_providers.read"),
        _area("files/deposits", _("صورت‌حساب بانک"), _("واریزهای شعبه از پرونده"), "deposits.write"),
        _area(
            "files/blocked", _("فهرست ودیعه‌های مسدود"), _("فهرست بانک‌ها از پرونده"), "blocked_deposits.write"
        ),
        _area("files/provider-days", _("گزارش روز درگاه"), _("پرونده‌ی خود درگاه"), "reconciliation.write"),
        _area("rules/card-limits", _("سقف کارت‌ها"), _("یک کارت در روز تا چه اندازه"), "card_limits.read"),
        _area("rules/penalty-rates", _("نرخ جریمه‌ی دیرکرد تحویل"), _("به نوع فروش و روز"), "penalties.read"),
        _area("rules/late-fee-caps", _("سقف جریمه‌ی دیرکرد خریدار"), _("نرخ سالانه"), "late_fees.read"),
    ),
)
WATCH = Group(
    _("نظارت"),
    (
        _area("members", _("کارکنان"), _("نقش‌ها، دعوت‌ها و تأیید سرپرست دوم"), "members.read"),
        _area("reports", _("گزارش‌ها"), _("سفارش‌ها، ظرفیت و شکایت‌ها"), "reports.read"),
        _area("articles", _("اطلاعیه‌ها و پرسش‌ها"), _("نوشتن و انتشار"), "articles.read"),
        _area("audit", _("دفتر رویدادها"), _("چه کسی چه کرد و چه دید"), "audit.read"),
        _area("rules/days", _("روزهای کاری و تعطیل"), _("آنچه تقویم پیش‌بینی نکرده بود"), "calendar.read"),
    ),
)
ALL: tuple[Group, ...] = (SALES, PEOPLE, MESSAGES, MONEY, WATCH)


def groups_for(roles: Iterable[str]) -> list[Group]:
    """Those of a person with these roles, without groups that would be empty."""
    own = frozenset(roles)
    found = [
        Group(group.title, tuple(area for area in group.areas if allows(area.permission, own)))
        for group in ALL
    ]
    return [group for group in found if group.areas]
