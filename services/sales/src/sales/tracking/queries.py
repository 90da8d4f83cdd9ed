"""Finding an order by any of its numbers.

The first digit tells which table a number is of, so each look-up is one step into one unique index, however
many orders there are.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, Text, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from sales.contracts.tables import Contract
from sales.customers.tables import Customer
from sales.dealerships.tables import Dealership
from sales.invitations.tables import Invitation
from sales.orders.numbers import NumberKind
from sales.orders.queries import JOINED, OrderDetails
from sales.orders.tables import Order

Joined = Select[Order, str, Dealership, str]

_NUMBER = bindparam("number", type_=Text)
_ORDER_OF: Mapping[str, Select[UUID]] = {
    NumberKind.REQUEST: select(Order.id).where(Order.request_number == _NUMBER),
    NumberKind.CONTRACT: select(Contract.order_id).where(Contract.number == _NUMBER),
    NumberKind.INVITATION: select(Invitation.order_id).where(Invitation.number == _NUMBER),
}
_WITH_NUMBER: Mapping[str, Joined] = {
    kind: JOINED.where(Order.id == order_of.scalar_subquery()) for kind, order_of in _ORDER_OF.items()
}
_IS_OF_PERSON = Customer.national_code_index.in_(bindparam("indexes", expanding=True))
OF_PERSON: Mapping[str, Joined] = {
    kind: joined.join(Customer, Customer.id == Order.customer_id).where(_IS_OF_PERSON)
    for kind, joined in _WITH_NUMBER.items()
}
"""By the kind of ``number``; the person has one of the blind ``indexes``. Made once: making a statement costs
more than sending it."""
NO_NUMBER = f"{NumberKind.REQUEST}{'0' * 11}"
"""No order has it: its check digit is wrong."""


def with_number(number: str) -> Joined:
    """The order that a number of the right form belongs to, if any."""
    return _WITH_NUMBER[kind_of(number)].params(number=number)


def kind_of(number: str) -> str:
    """What it would be a number of; a first digit that none has is a request's that nobody made."""
    return number[0] if number[0] in _ORDER_OF else NumberKind.REQUEST


async def find(session: AsyncSession, number: str | None, indexes: Sequence[str]) -> OrderDetails | None:
    """The order with this number, if it is of who has one of these blind indexes.

    What cannot be a number (None) is looked for as well, so that no answer comes sooner than another.
    """
    sought = number or NO_NUMBER
    found = await session.execute(OF_PERSON[kind_of(sought)], {"number": sought, "indexes": indexes})
    row = found.first()
    return OrderDetails(*row) if row is not None else None
