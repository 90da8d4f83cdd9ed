"""The buyer's choice: texts in bulk, or none."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from chassis.auth import CurrentUser
from chassis.service import Db
from iran import Mobile
from notify.contacts import opt_outs
from notify.contacts.tables import MOBILE, Contact
from notify.context import Ctx
from notify.runs.recipients import withdraw

router = APIRouter(prefix="/messages/preferences", tags=["messages"])


class Preferences(BaseModel):
    """``bulk``: whether news for many are sent too. Codes and what concerns an order come in any case."""

    model_config = ConfigDict(extra="forbid")

    bulk: bool


@router.get("", summary="Which messages I want")
async def preferences(user: CurrentUser, db: Db) -> Preferences:
    async with db.transaction() as session:
        return Preferences(bulk=not await opt_outs.is_out(session, user.subject))


@router.put("", summary="Say which messages I want")
async def prefer(wish: Preferences, user: CurrentUser, db: Db, context: Ctx) -> Preferences:
    """Whoever wants none in bulk gets none from runs that are under way either."""
    async with db.transaction() as session:
        if wish.bulk:
            await opt_outs.opt_in(session, user.subject)
        elif await opt_outs.opt_out(session, user.subject, context.clock()):
            contact = await session.get(Contact, user.subject)
            if contact is not None:
                mobile = Mobile(context.keyring.open(contact.mobile, MOBILE).decode())
                await withdraw(session, context.keyring, mobile)
    return wish
