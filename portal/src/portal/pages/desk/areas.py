"""What there is on the desk, and whose work it is; the API judges, this is only what a page offers."""

from collections.abc import Iterable
from dataclasses import dataclass

MANAGER, OPERATOR, DEALER = "manager", "operator", "dealer"
CARE, FINANCE, AUDITOR, ADMIN = "care", "finance", "auditor", "admin"


@dataclass(frozen=True)
class Area:
    path: str
    title: str
    what: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Group:
    title: str
    areas: tuple[Area, ...]


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is shown."""
    return text


def _area(path: str, title: str, what: str, *roles: str) -> Area:
    return Area(f"/staff/{path}", title, what, frozenset(roles))


ALL: tuple[Group, ...] = (
    Group(
        _("فروش"),
        (
            _area(
                "plans",
                _("طرح‌های فروش"),
                _("نوشتن، پیش‌نمایش، انتشار، توقف و تصویر زنده‌ی فروش"),
                MANAGER,
                AUDITOR,
                ADMIN,
            ),
            _area(
                "calendar",
                _("تقویم گشایش‌ها"),
                _("آغاز و پایان طرح‌ها به ترتیب روز"),
                MANAGER,
                AUDITOR,
                ADMIN,
            ),
            _area(
                "lookup",
                _("جست‌وجوی سفارش"),
                _("با شماره یا کد ملی؛ هر جست‌وجو ثبت می‌شود"),
                MANAGER,
                OPERATOR,
                DEALER,
                CARE,
            ),
            _area(
                "deliveries",
                _("تخصیص تا تحویل"),
                _("ورود فایل تخصیص و ثبت مرحله‌ها"),
                MANAGER,
                OPERATOR,
            ),
            _area("transfers", _("صلح قراردادها"), _("تأیید یا رد"), MANAGER, OPERATOR),
        ),
    ),
    Group(
        _("مردم"),
        (
            _area(
                "approvals",
                _("تغییر حساب‌ها"),
                _("درخواست‌هایی که دو نفر باید ببینند"),
                OPERATOR,
                AUDITOR,
                ADMIN,
            ),
            _area(
                "complaints",
                _("صدای مشتری"),
                _("شکایت‌ها با ساعت سی‌روزه"),
                MANAGER,
                CARE,
                AUDITOR,
            ),
            _area(
                "messages",
                _("متن پیامک‌ها"),
                _("نسخه‌ها، پیش‌نمایش و انتشار"),
                MANAGER,
                CARE,
                AUDITOR,
                ADMIN,
            ),
            _area(
                "runs",
                _("ارسال انبوه"),
                _("پیشرفت، توقف و ادامه"),
                MANAGER,
                CARE,
                AUDITOR,
                ADMIN,
            ),
        ),
    ),
    Group(
        _("پول"),
        (
            _area(
                "refunds",
                _("بازگشت وجه"),
                _("دسته‌های پرداخت به شبا با تأیید دو نفر"),
                FINANCE,
                AUDITOR,
            ),
            _area(
                "differences",
                _("مغایرت‌ها"),
                _("تطبیق روزانه با بانک‌ها"),
                FINANCE,
                AUDITOR,
            ),
            _area(
                "providers",
                _("درگاه‌های پرداخت"),
                _("ترتیب، کارمزد و روشن یا خاموش بودن"),
                FINANCE,
                AUDITOR,
                ADMIN,
            ),
        ),
    ),
    Group(
        _("نظارت"),
        (_area("audit", _("دفتر رویدادها"), _("چه کسی چه کرد و چه دید"), AUDITOR),),
    ),
)


def groups_for(roles: Iterable[str]) -> list[Group]:
    """Those of a person with these roles, without groups that would be empty."""
    own = frozenset(roles)
    found = [Group(group.title, tuple(area for area in group.areas if area.roles & own)) for group in ALL]
    return [group for group in found if group.areas]
