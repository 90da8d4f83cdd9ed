"""Remembering a device, and forgetting it.

Only ids and MACs are kept. Whoever ends all trust in an account (a changed password, a reset, a
disabled account) calls ``forget_all``.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.logging import get_logger
from identity.challenges.tables import Challenge
from identity.client import Place
from identity.devices.domain import REMEMBERED_FOR, DeviceToken, place_mac
from identity.devices.tables import Device
from identity.vault import Vault

LOGIN_PURPOSES = ("login", "second_factor")
log = get_logger(__name__)


async def remember(
    session: AsyncSession, vault: Vault, customer_id: UUID, place: Place, now: datetime
) -> DeviceToken:
    """The token of a new remembered device; call it when the person has just completed a code."""
    device = Device(
        id=uuid7(),
        customer_id=customer_id,
        agent=place.agent,
        network=place.shown_network,
        place_mac=place_mac(vault, place),
        created_at=now,
        last_used_at=now,
        expires_at=now + REMEMBERED_FOR,
    )
    session.add(device)
    await session.flush()
    log.info("identity.device.remembered", device_id=str(device.id), customer_id=str(customer_id))
    return DeviceToken(device.id)


async def use(session: AsyncSession, device_id: UUID, now: datetime) -> None:
    await session.execute(update(Device).where(Device.id == device_id).values(last_used_at=now))


async def forget(session: AsyncSession, customer_id: UUID, device_id: UUID) -> bool:
    """False when the customer has no such device."""
    forgotten = delete(Device).where(Device.id == device_id, Device.customer_id == customer_id)
    found = (await session.execute(forgotten.returning(Device.id))).first() is not None
    if found:
        log.info("identity.device.forgotten", device_id=str(device_id))
    return found


async def forget_all(session: AsyncSession, customer_id: UUID, now: datetime) -> None:
    """No device is remembered any more, and no login that was begun can be completed."""
    await session.execute(delete(Device).where(Device.customer_id == customer_id))
    begun = (
        Challenge.customer_id == customer_id,
        Challenge.purpose.in_(LOGIN_PURPOSES),
        Challenge.used_at.is_(None),
    )
    await session.execute(update(Challenge).where(*begun).values(used_at=now))
    log.info("identity.device.all_forgotten", customer_id=str(customer_id))


async def forget_expired(session: AsyncSession, now: datetime) -> None:
    await session.execute(delete(Device).where(Device.expires_at <= now))
