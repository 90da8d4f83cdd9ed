"""Staff say who is on call for the complaints of a section."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from chassis.permissions import permitted
from chassis.service import Db
from iran import Mobile
from sales.context import Context, Ctx
from sales.deeds import Deeds
from sales.voice import contacts
from sales.voice.domain import Section
from sales.voice.tables import CONTACT, ComplaintContact

router = APIRouter(tags=["staff: complaints"], prefix="/staff/complaint-contacts")
Reader = Annotated[Principal, Depends(permitted("complaints.rules"))]
Deed = Literal["put", "removed"]


class ContactForm(BaseModel):
    """The mobile of the section's colleague on call."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    mobile: Mobile


class ContactView(BaseModel):
    section: Section
    mobile: str
    updated_at: datetime

    @classmethod
    def of(cls, row: ComplaintContact, context: Context) -> "ContactView":
        mobile = context.open(row.mobile, CONTACT)
        return cls(section=row.section, mobile=mobile, updated_at=row.updated_at)


class ContactList(BaseModel):
    items: list[ContactView]


class Contacts(Deeds[ComplaintContact, ContactView, Deed]):
    kind = "complaint_contact"
    view = ContactView

    def details(self, row: ComplaintContact) -> Mapping[str, Any]:
        return {"section": row.section}

    async def show(self, session: AsyncSession, row: ComplaintContact) -> ContactView:
        return ContactView.of(row, self.context)


Keeping = Annotated[Contacts, Depends(Contacts.of("complaints.rules"))]


@router.get("", summary="Who hears of complaints that wait too long")
async def list_contacts(_: Reader, db: Db, context: Ctx) -> ContactList:
    async with db.transaction() as session:
        rows = await contacts.every(session)
        return ContactList(items=[ContactView.of(row, context) for row in rows])


@router.put("/{section}", summary="Put a colleague on call for a section")
async def put(section: Section, form: ContactForm, keep: Keeping) -> ContactView:
    by = keep.member.subject
    return await keep("put", lambda session: contacts.put(session, keep.context, section, form.mobile, by))


@router.delete("/{section}", summary="Let nobody hear of a section's complaints")
async def remove(section: Section, keep: Keeping) -> ContactView:
    return await keep("removed", lambda session: contacts.remove(session, section))
