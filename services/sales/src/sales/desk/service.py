"""Looking up the orders of the person at the counter or on the telephone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.auth import Principal
from chassis.crypto import BlindIndex
from chassis.errors import Forbidden, TooManyRequests
from events.identity import NATIONAL_CODE
from iran import NationalCode
from sales.context import Context
from sales.customers.tables import Customer
from sales.limits import LOOKUPS_OF_A_COLLEAGUE, spend
from sales.orders.numbers import parse_number
from sales.orders.queries import JOINED, PAGE, OrderDetails
from sales.orders.tables import Order
from sales.tracking.queries import NO_NUMBER, with_number

Purpose = Literal["customer_service", "complaint", "payment", "delivery", "fraud_review", "legal_request"]
By = Literal["national_code", "number", "customer_id"]
ANYWHERE = frozenset({"operator", "care", "manager", "finance", "auditor"})
"""Roles that see the orders of every dealership; a dealer sees those of their own."""


class TooManyLookups(TooManyRequests):
    code = "too_many_lookups"
    fa = "در این مدت سفارش افراد زیادی را دیده‌اید؛ {retry_after} ثانیه‌ی دیگر دوباره تلاش کنید."
    en = "You have looked up many people's orders; try again in {retry_after} seconds."


class NoDealership(Forbidden):
    code = "no_dealership"
    fa = "حساب شما به نمایندگی‌ای پیوند نخورده است."
    en = "Your account is not bound to a dealership."


class OwnerOnlyForOperators(Forbidden):
    code = "not_by_customer_id"
    fa = "نمایندگی با کد ملی یا شماره جست‌وجو می‌کند."
    en = "A dealer searches by national code or number."


@dataclass(frozen=True)
class Search:
    """What is looked for, and why."""

    by: By
    value: str
    purpose: Purpose


@dataclass(frozen=True)
class Colleague:
    """Who looks, from where."""

    principal: Principal
    client: str

    @property
    def dealership(self) -> UUID | None:
        """The one they are limited to; raises ``NoDealership`` when it is not known."""
        if not ANYWHERE.isdisjoint(self.principal.roles):
            return None
        if self.principal.dealership is None:
            raise NoDealership
        return self.principal.dealership


async def look_up(
    session: AsyncSession, context: Context, index: BlindIndex, colleague: Colleague, search: Search
) -> Sequence[OrderDetails]:
    """At most ``PAGE`` orders, newest first; the look is in the trail, whatever it found."""
    dealership = colleague.dealership
    if dealership is not None and search.by == "customer_id":
        raise OwnerOnlyForOperators
    now = context.clock()
    for quota in LOOKUPS_OF_A_COLLEAGUE:
        await spend(session, quota, colleague.principal.subject, now, refusal=TooManyLookups)
    found = await _find(session, index, search, dealership)
    person = None if found else await _person(session, index, search)
    await audit.record(session, *_entries(colleague, search, found, person), at=now)
    return found


async def _find(
    session: AsyncSession, index: BlindIndex, search: Search, dealership: UUID | None
) -> Sequence[OrderDetails]:
    if search.by == "number":
        query = with_number(parse_number(search.value) or NO_NUMBER)
    elif search.by == "national_code":
        query = JOINED.where(Order.customer_id.in_(_with_national_code(index, search)))
    else:
        query = JOINED.where(Order.customer_id == UUID(search.value))
    if dealership is not None:
        query = query.where(Order.dealership_id == dealership)
    rows = await session.execute(query.order_by(Order.id.desc()).limit(PAGE))
    return [OrderDetails(*row) for row in rows]


def _with_national_code(index: BlindIndex, search: Search) -> Select[UUID]:
    indexes = index.all_of(NationalCode(search.value), NATIONAL_CODE)
    return select(Customer.id).where(Customer.national_code_index.in_(indexes))


async def _person(session: AsyncSession, index: BlindIndex, search: Search) -> UUID | None:
    """Who was looked for; a number that leads nowhere is nobody's."""
    if search.by == "number":
        return None
    if search.by == "customer_id":
        return UUID(search.value)
    return await session.scalar(_with_national_code(index, search))


def _entries(
    colleague: Colleague, search: Search, found: Sequence[OrderDetails], person: UUID | None
) -> list[audit.Entry]:
    """One for each whose orders were seen, or one for the person who has none to be seen."""
    counted: dict[UUID | None, int] = {}
    for details in found:
        counted[details.order.customer_id] = counted.get(details.order.customer_id, 0) + 1
    return [
        audit.Entry(
            action="sales.order.looked_up",
            actor=colleague.principal.subject,
            subject=subject,
            roles=colleague.principal.roles,
            client=colleague.client,
            details={"by": search.by, "purpose": search.purpose, "orders": orders},
        )
        for subject, orders in (counted or {person: 0}).items()
    ]
