"""Which providers a buyer may pay a bill with."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from chassis.auth import CurrentUser
from chassis.errors import NotFound
from chassis.service import Db, provided
from iran import Rial, tehran_date
from payment.bills import service as bills
from payment.bills.tables import Bill
from payment.checkout import Checkout
from payment.payments.parts import limit_for, part_of
from payment.routing import choosing
from payment.routing.choosing import Case

router = APIRouter(tags=["payments"])
CheckoutDep = Annotated[Checkout, provided(Checkout)]


class Offer(BaseModel):
    """``binds_card``: only a card of the buyer's own national code can pay there."""

    provider: str
    binds_card: bool


class Offers(BaseModel):
    """The first is the one that a payment goes to whose buyer names none. ``amount`` (Rial) is what the next
    payment would be."""

    items: list[Offer]
    amount: int


@router.get("/bills/{bill_id}/providers", summary="The providers to choose from, the best first")
async def list_providers(
    bill_id: UUID,
    user: CurrentUser,
    db: Db,
    checkout: CheckoutDep,
    amount: Annotated[Rial | None, Query()] = None,
) -> Offers:
    async with db.transaction() as session:
        bill = await bills.find(session, Bill.id == bill_id, Bill.customer_id == user.subject)
        if bill is None:
            raise NotFound
        if bill.outstanding == 0:
            return Offers(items=[], amount=0)
        limit = await limit_for(session, user.subject, tehran_date(checkout.clock()))
        part, _ = part_of(bill.outstanding, amount, limit)
        names = await choosing.offered(session, checkout, Case(user.subject, part))
    return Offers(items=[_offer(checkout, name) for name in names], amount=part)


def _offer(checkout: Checkout, name: str) -> Offer:
    return Offer(provider=name, binds_card=checkout.providers.named(name).capabilities.binds_card)
