"""What there is on the desk, and whose work it is; the API judges, this is only what a page offers."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.language import gettext

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


def groups_for(roles: Iterable[str]) -> list[Group]:
    """Those of a person with these roles, without groups that would be empty."""
    own = frozenset(roles)
    found = [Group(group.title, tuple(area for area in group.areas if area.roles & own)) for group in _all()]
    return [group for group in found if group.areas]


def _area(path: str, title: str, what: str, *roles: str) -> Area:
    return Area(f"/staff/{path}", title, what, frozenset(roles))


def _all() -> tuple[Group, ...]:
    return (
        Group(
            gettext("فروش"),
            (
                _area(
                    "plans",
                    gettext("طرح‌های فروش"),
                    gettext("نوشتن، پیش‌نمایش، انتشار، توقف و تصویر زنده‌ی فروش"),
                    MANAGER,
                    AUDITOR,
                    ADMIN,
                ),
                _area(
                    "calendar",
                    gettext("تقویم گشایش‌ها"),
                    gettext("آغاز و پایان طرح‌ها به ترتیب روز"),
                    MANAGER,
                    AUDITOR,
                    ADMIN,
                ),
                _area(
                    "lookup",
                    gettext("جست‌وجوی سفارش"),
                    gettext("با شماره یا کد ملی؛ هر جست‌وجو ثبت می‌شود"),
                    MANAGER,
                    OPERATOR,
                    DEALER,
                    CARE,
                ),
                _area(
                    "deliveries",
                    gettext("تخصیص تا تحویل"),
                    gettext("ورود فایل تخصیص و ثبت مرحله‌ها"),
                    MANAGER,
                    OPERATOR,
                ),
                _area("transfers", gettext("صلح قراردادها"), gettext("تأیید یا رد"), MANAGER, OPERATOR),
            ),
        ),
        Group(
            gettext("مردم"),
            (
                _area(
                    "approvals",
                    gettext("تغییر حساب‌ها"),
                    gettext("درخواست‌هایی که دو نفر باید ببینند"),
                    OPERATOR,
                    AUDITOR,
                    ADMIN,
                ),
                _area(
                    "complaints",
                    gettext("صدای مشتری"),
                    gettext("شکایت‌ها با ساعت سی‌روزه"),
                    MANAGER,
                    CARE,
                    AUDITOR,
                ),
                _area(
                    "messages",
                    gettext("متن پیامک‌ها"),
                    gettext("نسخه‌ها، پیش‌نمایش و انتشار"),
                    MANAGER,
                    CARE,
                    AUDITOR,
                    ADMIN,
                ),
                _area(
                    "runs",
                    gettext("ارسال انبوه"),
                    gettext("پیشرفت، توقف و ادامه"),
                    MANAGER,
                    CARE,
                    AUDITOR,
                    ADMIN,
                ),
            ),
        ),
        Group(
            gettext("پول"),
            (
                _area(
                    "refunds",
                    gettext("بازگشت وجه"),
                    gettext("دسته‌های پرداخت به شبا با تأیید دو نفر"),
                    FINANCE,
                    AUDITOR,
                ),
                _area(
                    "differences",
                    gettext("مغایرت‌ها"),
                    gettext("تطبیق روزانه با بانک‌ها"),
                    FINANCE,
                    AUDITOR,
                ),
                _area(
                    "providers",
                    gettext("درگاه‌های پرداخت"),
                    gettext("ترتیب، کارمزد و روشن یا خاموش بودن"),
                    FINANCE,
                    AUDITOR,
                    ADMIN,
                ),
            ),
        ),
        Group(
            gettext("نظارت"),
            (_area("audit", gettext("دفتر رویدادها"), gettext("چه کسی چه کرد و چه دید"), AUDITOR),),
        ),
    )
