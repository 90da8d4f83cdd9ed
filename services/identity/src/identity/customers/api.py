"""The caller's own account."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from chassis.errors import NotFound
from chassis.service import Db
from identity.changes import queries as changes
from identity.context import Ctx
from identity.customers import queries
from identity.customers.domain import Address, Gender, Profile
from identity.customers.sealing import opened
from identity.inquiries import queries as inquiries
from identity.inquiries.domain import Kind, Result
from identity.sessions.current import REFUSED, LiveUser

router = APIRouter(prefix="/me", tags=["account"])


class Account(BaseModel):
    """National code, mobile and Sheba are masked.

    ``version`` is what ``If-Match`` wants when the account is edited. Money is returned only to a Sheba
    that is verified to be the person's; ``pending`` names the fields that wait for approval.
    """

    customer_id: UUID
    version: int
    roles: list[str]
    registered_at: datetime
    mobile_verified_at: datetime
    iban_verified: bool
    pending: list[str]
    national_code: str
    mobile: str
    iban: str
    first_name: str
    last_name: str
    father_name: str
    birth_date: date
    birth_certificate_number: str | None
    gender: Gender
    education: str
    occupation: str
    email: str | None
    address: Address


@router.get("", summary="My account", responses={**REFUSED, 404: {"description": "not_found"}})
async def read_me(user: LiveUser, db: Db, context: Ctx, response: Response) -> Account:
    async with db.transaction() as session:
        customer = await queries.customer(session, user.subject)
        waiting = await changes.pending_of(session, user.subject)
        known = await inquiries.latest(session, user.subject)
    if customer is None:
        raise NotFound
    response.headers["ETag"] = f'"{customer.version}"'
    results = {inquiry.kind: inquiry.result for inquiry in known}
    return Account(
        customer_id=customer.id,
        version=customer.version,
        roles=customer.roles,
        registered_at=customer.registered_at,
        mobile_verified_at=customer.mobile_verified_at,
        iban_verified=results.get(Kind.IBAN_OWNER) == Result.MATCH,
        pending=sorted(waiting),
        **_shown(opened(customer, context.vault)),
    )


def _shown(profile: Profile) -> dict[str, Any]:
    masked = {
        "national_code": profile.national_code.masked,
        "mobile": profile.mobile.masked,
        "iban": profile.iban.masked,
    }
    return {**profile.model_dump(), **masked}
