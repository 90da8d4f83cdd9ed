"""The provider of a payment: the buyer's choice of those that are offered, or the best of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import FieldError, InvalidFields, Sentence
from payment.accounts.queries import knows_national_code
from payment.checkout import Checkout
from payment.routing.domain import ProviderNotOffered, ProviderUnavailable, in_order
from payment.routing.tables import ProviderRoute

UNKNOWN = Sentence("این درگاه پرداخت شناخته نیست.", "This payment provider is not known.")


@dataclass(frozen=True)
class Case:
    """What is to be paid by whom, in Rial."""

    customer_id: UUID
    amount: int


async def chosen(session: AsyncSession, checkout: Checkout, name: str | None, case: Case) -> str:
    """Raises ``ProviderNotOffered`` for the buyer's choice, ``ProviderUnavailable`` if there is none."""
    offers = await offered(session, checkout, case)
    if name is not None and name not in offers:
        raise ProviderNotOffered
    if not offers:
        raise ProviderUnavailable
    return name or offers[0]


def check_known(checkout: Checkout, name: str | None) -> None:
    """Raises ``InvalidFields`` for a provider that is not connected."""
    if name is not None and name not in checkout.providers.names:
        raise InvalidFields(errors=[FieldError("provider", "unknown_provider", UNKNOWN)])


async def offered(session: AsyncSession, checkout: Checkout, case: Case) -> Sequence[str]:
    """The connected providers that take the amount of this buyer, the best first."""
    providers = checkout.providers
    routes = (await session.scalars(select(ProviderRoute))).all()
    arranged = [route.terms for route in routes if route.provider in providers.names]
    names = in_order(arranged, case.amount, providers.resting)
    unfit = await _need_national_code(session, checkout, case.customer_id, names)
    return [name for name in names if name not in unfit]


async def _need_national_code(
    session: AsyncSession, checkout: Checkout, customer_id: UUID, names: Sequence[str]
) -> Collection[str]:
    """Those of the providers that bind the card to a national code that nobody told us of."""
    binding = {name for name in names if checkout.providers.named(name).capabilities.binds_card}
    if not binding or await knows_national_code(session, customer_id):
        return set()
    return binding
