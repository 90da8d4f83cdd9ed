"""Staff look at a person's data."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import pydantic
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from chassis.auth import Principal
from chassis.service import Db
from identity.client import ClientNetwork
from identity.context import Ctx
from identity.customers.sealing import opened
from identity.customers.tables import Customer
from identity.lookups import service
from identity.lookups.domain import Field, Purpose
from identity.sessions.current import REFUSED
from identity.staff.access import permitted
from identity.staff.members import Actor
from identity.vault import Vault
from iran import Mobile, NationalCode, normalise

router = APIRouter(prefix="/staff/customers", tags=["staff: customers"])
Searcher = Annotated[Principal, Depends(permitted("customers.search"))]
Reader = Annotated[Principal, Depends(permitted("customers.read"))]
Discloser = Annotated[Principal, Depends(permitted("customers.disclose"))]
Reason = Annotated[
    str,
    pydantic.Field(min_length=5, max_length=300),
    BeforeValidator(lambda text: normalise(text) if isinstance(text, str) else text),
]
PROBLEMS: dict[int | str, dict[str, Any]] = {
    **REFUSED,
    403: {"description": "forbidden"},
    404: {"description": "no such customer"},
    429: {"description": "too_many_lookups"},
}


class Search(BaseModel):
    """By the whole national code or the whole mobile, one of them."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    national_code: NationalCode | None = None
    mobile: Mobile | None = None
    purpose: Purpose = "customer_service"

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.national_code is None) == (self.mobile is None):
            said = {"en": "Give a national code or a mobile.", "fa": "کد ملی یا شماره‌ی همراه را بدهید."}
            raise PydanticCustomError("one_of_both", "{en}", said)
        return self

    @property
    def by(self) -> NationalCode | Mobile:
        found = self.national_code or self.mobile
        assert found is not None
        return found


class CustomerView(BaseModel):
    """National code, mobile and Sheba are masked."""

    customer_id: UUID
    national_code: str
    mobile: str
    iban: str
    first_name: str
    last_name: str
    province: str
    city: str
    registered_at: datetime
    disabled: bool

    @classmethod
    def of(cls, customer: Customer, vault: Vault) -> Self:
        profile = opened(customer, vault)
        return cls(
            customer_id=customer.id,
            national_code=profile.national_code.masked,
            mobile=profile.mobile.masked,
            iban=profile.iban.masked,
            first_name=profile.first_name,
            last_name=profile.last_name,
            province=profile.address.province.value,
            city=profile.address.city,
            registered_at=customer.registered_at,
            disabled=customer.disabled_at is not None,
        )


class CustomerList(BaseModel):
    items: list[CustomerView]


class DisclosureWish(BaseModel):
    """Which fields are needed whole, and why."""

    model_config = ConfigDict(extra="forbid")

    fields: Annotated[set[Field], pydantic.Field(min_length=1)]
    purpose: Purpose
    reason: Reason


class Disclosure(BaseModel):
    customer_id: UUID
    fields: dict[str, Any]


@router.post("/search", summary="Find a person", responses=PROBLEMS)
async def search(
    body: Search, colleague: Searcher, db: Db, context: Ctx, client: ClientNetwork
) -> CustomerList:
    """The person sees that somebody looked, in which role and for what."""
    async with db.transaction() as session:
        found = await service.search(session, context, Actor(colleague, client), body.by, body.purpose)
    return CustomerList(items=[CustomerView.of(customer, context.vault) for customer in found])


@router.get("/{customer_id}", summary="A person, masked", responses=PROBLEMS)
async def view(
    customer_id: UUID,
    colleague: Reader,
    db: Db,
    context: Ctx,
    client: ClientNetwork,
    purpose: Annotated[Purpose, Query()] = "customer_service",
) -> CustomerView:
    async with db.transaction() as session:
        customer = await service.view(session, context, Actor(colleague, client), customer_id, purpose)
    return CustomerView.of(customer, context.vault)


@router.post("/{customer_id}/disclosure", summary="A person's data unmasked", responses=PROBLEMS)
async def disclose(
    customer_id: UUID, body: DisclosureWish, colleague: Discloser, db: Db, context: Ctx, client: ClientNetwork
) -> Disclosure:
    """For who has the permission and says why."""
    async with db.transaction() as session:
        actor = Actor(colleague, client)
        fields = await service.disclose(
            session, context, actor, customer_id, body.fields, body.purpose, body.reason
        )
    return Disclosure(customer_id=customer_id, fields=fields)
