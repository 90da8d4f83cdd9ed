"""Staff arranges the providers; the next payment follows, without a restart."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.errors import NotFound
from chassis.logging import get_logger
from chassis.permissions import permitted
from chassis.service import Db, provided
from payment.checkout import Checkout
from payment.routing.domain import SHARES, RouteChanged
from payment.routing.tables import ProviderRoute

log = get_logger(__name__)

router = APIRouter(prefix="/staff/payment-providers", tags=["staff: payment providers"])
Reader = Annotated[Principal, Depends(permitted("payment_providers.read"))]
Writer = Annotated[Principal, Depends(permitted("payment_providers.write"))]
CheckoutDep = Annotated[Checkout, provided(Checkout)]
Name = Annotated[str, Path(pattern="^[a-z]{2,20}$")]
Amount = Annotated[int, Field(gt=0, le=10**15)]
Fee = Annotated[int, Field(ge=0, le=10**12)]


class Arrangement(BaseModel):
    """Who is ranked first (1) is preferred; of equals the cheaper. Amounts are Rial, none is no bound.

    ``fee_share`` is per ten thousand, at least ``fee_least`` and at most ``fee_most``.
    """

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    offered: bool
    rank: int = Field(ge=1, le=100)
    smallest: Amount | None = None
    largest: Amount | None = None
    fee_share: int = Field(ge=0, le=SHARES)
    fee_least: Fee = 0
    fee_most: Fee | None = None

    @model_validator(mode="after")
    def _bounds_are_in_order(self) -> Self:
        pairs = ((self.smallest, self.largest), (self.fee_least, self.fee_most))
        if any(low is not None and high is not None and low > high for low, high in pairs):
            words = {"fa": "کمینه از بیشینه بزرگ‌تر است.", "en": "The least is more than the most."}
            raise PydanticCustomError("bounds", "The least is more than the most.", words)
        return self


class Rearrangement(Arrangement):
    """``version`` is that of the arrangement it was made from."""

    version: int


class Arranged(Arrangement):
    """``connected``: this installation has its credentials. ``resting``: it has not answered lately, as far
    as the process knows that is asked."""

    provider: str
    version: int
    changed_at: datetime
    connected: bool
    resting: bool


class AllArranged(BaseModel):
    items: list[Arranged]


@router.get("", summary="The providers as they are arranged")
async def list_arranged(_: Reader, db: Db, checkout: CheckoutDep) -> AllArranged:
    async with db.transaction() as session:
        rows = await session.scalars(
            select(ProviderRoute).order_by(ProviderRoute.rank, ProviderRoute.provider)
        )
        return AllArranged(items=[_view(checkout, row) for row in rows])


@router.put(
    "/{provider}",
    summary="Arrange a provider anew",
    responses={409: {"description": "route_changed"}},
)
async def arrange(
    provider: Name, body: Rearrangement, writer: Writer, db: Db, checkout: CheckoutDep, client: ClientNetwork
) -> Arranged:
    async with db.transaction() as session:
        route = await session.get(ProviderRoute, provider, with_for_update=True)
        if route is None:
            raise NotFound
        if route.version != body.version:
            raise RouteChanged
        for name, value in body.model_dump(exclude={"version"}).items():
            setattr(route, name, value)
        route.version += 1
        route.changed_at = checkout.clock()
        await _note(session, route, writer, client)
        return _view(checkout, route)


async def _note(session: AsyncSession, route: ProviderRoute, writer: Principal, client: str) -> None:
    arrangement = Arrangement.model_validate(route).model_dump()
    entry = audit.Entry(
        action="payment.provider_route.changed",
        actor=writer.subject,
        roles=writer.roles,
        client=client,
        details={"provider": route.provider, "version": route.version, **arrangement},
    )
    await audit.record(session, entry, at=route.changed_at)
    log.info("payment.provider_route.changed", provider=route.provider, version=route.version)


def _view(checkout: Checkout, route: ProviderRoute) -> Arranged:
    providers = checkout.providers
    return Arranged(
        **Arrangement.model_validate(route).model_dump(),
        provider=route.provider,
        version=route.version,
        changed_at=route.changed_at,
        connected=route.provider in providers.names,
        resting=route.provider in providers.resting,
    )
