"""The caller's own account."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from chassis.errors import NotFound
from chassis.service import Db
from identity.context import Ctx
from identity.customers import queries
from identity.customers.domain import Address, Gender, Profile
from identity.customers.sealing import opened
from identity.sessions.current import REFUSED, LiveUser

router = APIRouter(prefix="/me", tags=["account"])


class Account(BaseModel):
    """National code, mobile and Sheba are masked."""

    customer_id: UUID
    roles: list[str]
    national_code: str
    mobile: str
    iban: str
    first_name: str
    last_name: str
    father_name: str
    birth_date: date
    gender: Gender
    education: str
    occupation: str
    email: str | None
    address: Address


@router.get("", summary="My account", responses={**REFUSED, 404: {"description": "not_found"}})
async def read_me(user: LiveUser, db: Db, context: Ctx) -> Account:
    async with db.transaction() as session:
        customer = await queries.customer(session, user.subject)
    if customer is None:
        raise NotFound
    return _account(user.subject, customer.roles, opened(customer, context.vault))


def _account(customer_id: UUID, roles: list[str], profile: Profile) -> Account:
    masked = {
        "national_code": profile.national_code.masked,
        "mobile": profile.mobile.masked,
        "iban": profile.iban.masked,
    }
    return Account(customer_id=customer_id, roles=roles, **{**profile.model_dump(), **masked})
