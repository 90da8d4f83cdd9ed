"""Which devices are remembered."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.client import Place
from identity.customers.tables import Customer
from identity.devices.domain import SAME_PLACE_FOR, DeviceToken, place_mac
from identity.devices.tables import Device
from identity.vault import Vault


async def known(
    session: AsyncSession, indexes: Sequence[str], token: DeviceToken, now: datetime
) -> UUID | None:
    """The token's device, if it is remembered for the person with one of these blind indexes."""
    found = (
        select(Device.id)
        .join(Customer, Customer.id == Device.customer_id)
        .where(
            Device.id == token.device_id,
            Device.expires_at > now,
            Customer.national_code_index.in_(indexes),
        )
    )
    return await session.scalar(found)


async def remembered(
    session: AsyncSession, customer_id: UUID, device_id: UUID | None, now: datetime
) -> UUID | None:
    found = select(Device.id).where(
        Device.id == device_id, Device.customer_id == customer_id, Device.expires_at > now
    )
    return await session.scalar(found)


async def just_proved_at(
    session: AsyncSession, vault: Vault, customer_id: UUID, place: Place, now: datetime
) -> UUID | None:
    """A device that completed a code from this place a moment ago."""
    found = (
        select(Device.id)
        .where(
            Device.customer_id == customer_id,
            Device.place_mac == place_mac(vault, place),
            Device.created_at > now - SAME_PLACE_FOR,
        )
        .order_by(Device.created_at.desc())
        .limit(1)
    )
    return await session.scalar(found)


async def of_customer(session: AsyncSession, customer_id: UUID, now: datetime) -> Sequence[Device]:
    found = select(Device).where(Device.customer_id == customer_id, Device.expires_at > now)
    return (await session.scalars(found.order_by(Device.last_used_at.desc()))).all()
