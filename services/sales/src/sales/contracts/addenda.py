"""What changed after a contract was made: addenda, which are added to it and never rewritten.

An addendum keeps the values of before and after; it is said in words when the contract is read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.logging import get_logger
from sales.contracts.tables import Addendum, Contract
from sales.contracts.wording import Signed, fields_of
from sales.orders.tables import Order
from sales.plans.terms import OrderTerms

Kind = Literal["changed", "reassigned", "repriced", "transferred"]
OF_ORDER = ("price", "prepayment", "colour", "terms")
TITLES: Mapping[str, str] = {
    "changed": "تغییر به درخواست خریدار",
    "reassigned": "واگذاری مجدد به شرایط روز",
    "repriced": "بهای روز",
    "transferred": "صلح قرارداد",
}
LABELS: Mapping[str, str] = {
    "colour": "رنگ",
    "price": "بها",
    "prepayment": "پیش‌پرداخت",
    "price_policy": "شیوه‌ی قیمت",
    "delivery": "تحویل",
    "late_fee": "نرخ سالانه‌ی دیرکرد",
    "cancellation_profit": "سود انصراف",
    "participation_profit": "سود مشارکت",
    "cancellation": "انصراف",
    "transfer": "صلح",
}
"""The fields of ``wording.fields_of`` that may change, as people call them."""
NOBODY = "شخص دیگر"
Values = Mapping[str, Any]
log = get_logger(__name__)


def values_of(order: Order) -> dict[str, Any]:
    """What an addendum tells of an order itself: taken before a change and after it."""
    return {name: getattr(order, name) for name in OF_ORDER}


async def append(
    session: AsyncSession, order: Order, kind: Kind, before: Values, after: Values, now: datetime
) -> None:
    """Adds what differs to the order's contract; nothing where nothing does, or before there is one."""
    changed = [name for name in after if before.get(name) != after[name]]
    made = await session.scalar(select(Contract.id).where(Contract.order_id == order.id))
    if made is None or not changed:
        return
    addendum = Addendum(
        id=uuid7(),
        order_id=order.id,
        kind=kind,
        at=now,
        before={name: before.get(name) for name in changed},
        after={name: after[name] for name in changed},
    )
    session.add(addendum)
    log.info("sales.contract.amended", order_id=order.id, addendum_id=addendum.id, kind=kind)


async def of_order(session: AsyncSession, order: Order) -> Sequence[Addendum]:
    """Oldest first."""
    query = select(Addendum).where(Addendum.order_id == order.id).order_by(Addendum.id)
    return (await session.scalars(query)).all()


@dataclass(frozen=True)
class Amendment:
    """An addendum as it is read. ``before`` and ``after`` are for programs and name no person."""

    number: int
    kind: str
    at: datetime
    lines: Sequence[str]
    before: Values
    after: Values

    @property
    def title(self) -> str:
        return TITLES[self.kind]


def said(rows: Sequence[Addendum], signed: Signed, names: Mapping[str, str | None]) -> list[Amendment]:
    """``names`` are those of the owners, by their ids."""
    return [
        Amendment(
            number=number,
            kind=row.kind,
            at=row.at,
            lines=list(_lines(row, signed, names)),
            before=_impersonal(row.before),
            after=_impersonal(row.after),
        )
        for number, row in enumerate(rows, 1)
    ]


def _lines(row: Addendum, signed: Signed, names: Mapping[str, str | None]) -> Iterator[str]:
    if "owner" in row.after:
        old, new = (names.get(str(side["owner"])) or NOBODY for side in (row.before, row.after))
        yield f"این قرارداد با همه‌ی شرایط آن از {old} به {new} صلح شد."
    if "dealership" in row.after:
        yield _line("نمایندگی تحویل", str(row.before["dealership"]), str(row.after["dealership"]))
    old_fields, new_fields = (fields_of(_as_of(signed, side)) for side in (row.before, row.after))
    for name, label in LABELS.items():
        if old_fields[name] != new_fields[name]:
            yield _line(label, old_fields[name], new_fields[name])


def _line(label: str, old: str, new: str) -> str:
    return f"{label} از «{old}» به «{new}» تغییر کرد."


def _as_of(signed: Signed, side: Values) -> Signed:
    """The contract with the values of one side of an addendum."""
    values = {name: side[name] for name in OF_ORDER if name in side}
    if "terms" in values:
        values["terms"] = OrderTerms.model_validate(values["terms"])
    return replace(signed, **values)


def _impersonal(side: Values) -> dict[str, Any]:
    return {name: value for name, value in side.items() if name != "owner"}
