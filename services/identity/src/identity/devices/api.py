"""The devices on which no second factor is asked."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from chassis.errors import NotFound
from chassis.service import Db
from identity.context import Ctx
from identity.devices import queries, service
from identity.devices.domain import name_of
from identity.devices.tables import Device
from identity.sessions.current import REFUSED, LiveUser

router = APIRouter(prefix="/me/devices", tags=["sessions"])


class DeviceView(BaseModel):
    """``network`` is the part of the address that is kept; ``device`` is what people call it."""

    device_id: UUID
    device: str | None
    network: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


class DevicePage(BaseModel):
    items: list[DeviceView]
    next_cursor: str | None = None


@router.get("", summary="The devices that are remembered", responses=REFUSED)
async def list_devices(user: LiveUser, db: Db, context: Ctx) -> DevicePage:
    async with db.transaction() as session:
        remembered = await queries.of_customer(session, user.subject, context.clock())
    return DevicePage(items=[_view(device) for device in remembered])


@router.delete("", status_code=204, summary="Forget all devices", responses=REFUSED)
async def forget_devices(user: LiveUser, db: Db, context: Ctx) -> None:
    async with db.transaction() as session:
        await service.forget_all(session, user.subject, context.clock())


@router.delete(
    "/{device_id}",
    status_code=204,
    summary="Forget a device",
    responses={**REFUSED, 404: {"description": "no such device of yours"}},
)
async def forget_device(device_id: UUID, user: LiveUser, db: Db) -> None:
    async with db.transaction() as session:
        if not await service.forget(session, user.subject, device_id):
            raise NotFound


def _view(device: Device) -> DeviceView:
    return DeviceView(
        device_id=device.id,
        device=name_of(device.agent),
        network=device.network,
        created_at=device.created_at,
        last_used_at=device.last_used_at,
        expires_at=device.expires_at,
    )
