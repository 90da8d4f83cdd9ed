"""Finding an order by any of its numbers.

The first digit tells which table a number is of, so each look-up is one step into one unique index, however
many orders there are.
"""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.contracts.tables import Contract
from sales.customers.tables import Customer
from sales.dealerships.tables import Dealership
from sales.invitations.tables import Invitation
from sales.orders.numbers import NumberKind
from sales.orders.queries import JOINED, OrderDetails
from sales.orders.tables import Order

Joined = Select[Order, str, Dealership, str]
OrderOf = Callable[[str], Select[UUID]]

ORDER_OF: Mapping[str, OrderOf] = {
    NumberKind.REQUEST: lambda number: select(Order.id).where(Order.request_number == number),
    NumberKind.CONTRACT: lambda number: select(Contract.order_id).where(Contract.number == number),
    NumberKind.INVITATION: lambda number: select(Invitation.order_id).where(Invitation.number == number),
}
NO_NUMBER = f"{NumberKind.REQUEST}{'0' * 11}"
"""No order has it: its check digit is wrong."""


def with_number(number: str) -> Select[Order, str, Dealership, str]:
    """The order that a number of the right form belongs to, if any."""
    order_of = ORDER_OF.get(number[0], ORDER_OF[NumberKind.REQUEST])
    return JOINED.where(Order.id == order_of(number).scalar_subquery())


def by_number_and_person(number: str, indexes: Sequence[str]) -> Joined:
    joined = with_number(number).join(Customer, Customer.id == Order.customer_id)
    return joined.where(Customer.national_code_index.in_(indexes))


async def find(session: AsyncSession, number: str | None, indexes: Sequence[str]) -> OrderDetails | None:
    """The order with this number, if it is of who has one of these blind indexes.

    What cannot be a number (None) is looked for as well, so that no answer comes sooner than another.
    """
    row = (await session.execute(by_number_and_person(number or NO_NUMBER, indexes))).first()
    return OrderDetails(*row) if row is not None else None
