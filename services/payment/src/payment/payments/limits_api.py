"""What a card carries in a day: staff decides it from a day on."""

from datetime import date, timedelta
from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from chassis import audit
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.days import Day
from chassis.permissions import permitted
from chassis.service import Db, provided
from iran import tehran_date
from payment.checkout import Checkout
from payment.payments.domain import NotItsDay
from payment.payments.parts import CardLimit

router = APIRouter(tags=["staff: card limits"], prefix="/staff/card-limits")
Reader = Annotated[Principal, Depends(permitted("card_limits.read"))]
Writer = Annotated[Principal, Depends(permitted("card_limits.write"))]
CheckoutDep = Annotated[Checkout, provided(Checkout)]
Amount = Annotated[int, Field(ge=1, le=10**15)]
LATEST = timedelta(days=3660)


class LimitForm(BaseModel):
    """Rial. ``daily_ceiling`` is what one person's card carries in a day; a bill of more is paid in parts,
    none of which, nor what is left after it, is below ``smallest_part``."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    daily_ceiling: Amount
    smallest_part: Amount

    @model_validator(mode="after")
    def _can_be_split(self) -> Self:
        if self.daily_ceiling < 2 * self.smallest_part:
            words = {
                "fa": "سقف روزانه دست‌کم دو برابر کوچک‌ترین پرداخت است.",
                "en": "The ceiling is at least twice the smallest part.",
            }
            raise PydanticCustomError("ceiling_too_low", "{en}", words)
        return self


class LimitView(LimitForm):
    valid_from: date


class Limits(BaseModel):
    items: list[LimitView]


@router.get("", summary="What a card carries in a day, the latest first")
async def list_limits(_: Reader, db: Db) -> Limits:
    async with db.transaction() as session:
        rows = await session.scalars(select(CardLimit).order_by(CardLimit.valid_from.desc()))
        return Limits(items=[LimitView.model_validate(row) for row in rows])


@router.put(
    "/{valid_from}",
    summary="Decide what a card carries in a day, from today or a later day on",
    responses={422: {"description": "not_its_day"}},
)
async def decide_limit(
    valid_from: Day, form: LimitForm, writer: Writer, db: Db, checkout: CheckoutDep, client: ClientNetwork
) -> LimitView:
    """Payments that have started keep their amounts."""
    now = checkout.clock()
    today = tehran_date(now)
    if not today <= valid_from <= today + LATEST:
        raise NotItsDay(earliest=today.isoformat(), latest=(today + LATEST).isoformat())
    facts = form.model_dump()
    entry = audit.Entry(
        action="payment.card_limit.decided",
        actor=writer.subject,
        roles=writer.roles,
        client=client,
        details={"valid_from": valid_from.isoformat(), **facts},
    )
    async with db.transaction() as session:
        row = insert(CardLimit).values(valid_from=valid_from, **facts)
        await session.execute(row.on_conflict_do_update(index_elements=[CardLimit.valid_from], set_=facts))
        await audit.record(session, entry, at=now)
    return LimitView(valid_from=valid_from, **facts)
