"""How reports, their columns and what stands in them are called."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.formats import day, digits, number, rial
from portal.language import gettext
from portal.words import word

TABLES = {"state": "order_state", "class": "class", "section": "section"}
"""Whose codes stand in a column."""


def names() -> dict[str, str]:
    return {
        "orders": gettext("سفارش‌ها"),
        "capacity": gettext("فروش و ظرفیت"),
        "complaints": gettext("شکایت‌ها"),
        "deposits": gettext("ودیعه‌های مسدود"),
    }


def columns() -> dict[str, str]:
    return {
        "plan": gettext("طرح"),
        "state": gettext("وضعیت"),
        "day": gettext("روز"),
        "dealership": gettext("نمایندگی"),
        "class": gettext("گروه"),
        "car": gettext("خودرو"),
        "orders": gettext("سفارش‌ها"),
        "price": gettext("جمع بها"),
        "circular": gettext("بخشنامه"),
        "model": gettext("خودرو"),
        "trim": gettext("تیپ"),
        "level": gettext("سهمیه"),
        "key": gettext("برای"),
        "capacity": gettext("ظرفیت"),
        "sold": gettext("فروخته یا نگه‌داشته"),
        "free": gettext("مانده"),
        "section": gettext("بخش"),
        "unresolved": gettext("باز"),
        "warned": gettext("هشدار گرفته"),
        "overdue": gettext("مهلت گذشته"),
        "at_office": gettext("نزد اداره یا هیئت"),
        "resolved": gettext("پایان یافت"),
    }


def levels() -> dict[str, str]:
    return {
        "offering": gettext("همه"),
        "class": gettext("گروه"),
        "colour": gettext("رنگ"),
        "dealership": gettext("نمایندگی"),
    }


def cells(row: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    """What stands in a row, as people read it; ``key`` is what ``level`` says."""
    kinds = {"key": row.get("level")}
    return [_cell(kinds.get(column) or column, row[column]) for column in columns]


def _cell(column: str, value: Any) -> str:
    if value is None or value == "":
        return "—"
    if column in TABLES:
        return word(str(value), TABLES[column])
    if column == "level":
        return levels().get(str(value), str(value))
    if column == "day":
        return day(str(value))
    if column == "price":
        return rial(int(value))
    return number(value) if isinstance(value, int) else digits(value)
