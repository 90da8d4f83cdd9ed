"""The staff's routes of SMS providers: who is asked first, and what is left at each."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.permissions import permitted
from chassis.service import Db, provided
from notify.context import Ctx
from notify.providers.capabilities import CAPABILITIES, CreditUnit
from notify.providers.registry import Providers
from notify.routing import queries, service
from notify.routing.domain import Route
from notify.routing.tables import SmsProviderAccount
from notify.trail import Actor

router = APIRouter(prefix="/staff", tags=["staff: messages"])
Reader = Annotated[Principal, Depends(permitted("sms_routes.read"))]
Writer = Annotated[Principal, Depends(permitted("sms_routes.write"))]
Connected = Annotated[Providers, provided(Providers)]
Name = Literal["kavenegar", "smsir", "ghasedak", "melipayamak", "ippanel"]


class ProviderView(BaseModel):
    """``credit`` and ``credit_floor`` are in ``credit_unit``; below the floor it alarms."""

    name: str
    connected: bool
    credit: int | None
    credit_at: datetime | None
    credit_floor: int
    credit_unit: CreditUnit
    texts_at_once: int
    own_id_of: list[str]
    voice: bool
    webhook: bool


class ProviderList(BaseModel):
    items: list[ProviderView]


class Floor(BaseModel):
    model_config = ConfigDict(extra="forbid")

    credit_floor: Annotated[int, Field(ge=0, le=10**15)]


class RouteOrder(BaseModel):
    """The first choice first."""

    model_config = ConfigDict(extra="forbid")

    providers: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=10)]


class RouteView(RouteOrder):
    route: Route


class RouteList(BaseModel):
    items: list[RouteView]


@router.get("/sms-providers", summary="What each SMS provider can do, and what is left there")
async def sms_providers(_: Reader, db: Db, connected: Connected) -> ProviderList:
    async with db.transaction() as session:
        accounts = await queries.accounts(session)
    return ProviderList(items=[_view(account, connected) for account in accounts])


@router.put("/sms-providers/{name}", summary="Set how little credit alarms")
async def set_floor(
    name: Name, body: Floor, writer: Writer, db: Db, connected: Connected, context: Ctx, client: ClientNetwork
) -> ProviderView:
    actor = Actor(writer, client, context.clock())
    async with db.transaction() as session:
        return _view(await service.set_floor(session, name, body.credit_floor, actor), connected)


@router.get("/sms-routes", summary="In which order the providers are asked")
async def sms_routes(_: Reader, db: Db) -> RouteList:
    async with db.transaction() as session:
        orders = await queries.orders(session)
    return RouteList(items=[RouteView(route=route, providers=list(order)) for route, order in orders.items()])


@router.put("/sms-routes/{route}", summary="Set in which order the providers are asked")
async def set_route(
    route: Route,
    body: RouteOrder,
    writer: Writer,
    db: Db,
    connected: Connected,
    context: Ctx,
    client: ClientNetwork,
) -> RouteView:
    actor = Actor(writer, client, context.clock())
    async with db.transaction() as session:
        await service.reorder(session, route, body.providers, connected, actor)
    return RouteView(route=route, providers=body.providers)


def _view(account: SmsProviderAccount, connected: Providers) -> ProviderView:
    able = CAPABILITIES[account.name]
    return ProviderView(
        name=account.name,
        connected=account.name in connected,
        credit=account.credit,
        credit_at=account.credit_at,
        credit_floor=account.credit_floor,
        credit_unit=able.credit,
        texts_at_once=able.texts_at_once,
        own_id_of=sorted(able.own_id),
        voice=able.voice,
        webhook=able.webhook,
    )
