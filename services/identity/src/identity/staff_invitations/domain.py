"""Inviting somebody to the staff: who, for how long, and with which code.

The code goes by SMS and is in no link; it lives for days, so it is longer than a login's and, like that,
good for few tries and one use.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from chassis.errors import Problem
from identity.customers.domain import (
    Address,
    BirthCertificateNumber,
    BirthDate,
    Email,
    Gender,
    Words,
)
from identity.staff.domain import ADMIN
from identity.staff_invitations.tables import StaffInvitation
from identity.vault import Vault
from iran import Mobile, NationalCode, PersonName, Reason, Sheba, TextValue

LIFETIME = timedelta(hours=72)
TRIES = 5
DIGITS = 8

State = Literal["awaiting_confirmation", "sent", "accepted", "withdrawn", "expired"]


class InvitationCode(TextValue):
    """Eight digits; shown to nobody but who is invited."""

    __slots__ = ()

    pattern = r"^[0-9]{8}$"
    example = "04291736"
    visible = (0, 0)
    malformed = Reason("code_format", "A code has eight digits.", "کد هشت رقم دارد.")


class Invitee(BaseModel):
    """Who is invited, as the admin knows them."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    national_code: NationalCode
    mobile: Mobile
    first_name: PersonName
    last_name: PersonName


class Particulars(BaseModel):
    """What an account needs beyond the invitation, for who has none yet."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    father_name: PersonName
    birth_date: BirthDate
    gender: Gender
    education: Words
    occupation: Words
    email: Email | None = None
    iban: Sheba
    address: Address
    birth_certificate_number: BirthCertificateNumber | None = None


def new_code() -> InvitationCode:
    return InvitationCode(f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}")


def code_mac(vault: Vault, invitation_id: UUID, code: InvitationCode) -> str:
    return vault.mac(f"{invitation_id}:{code}", "code.staff_invitation")


def fits(
    vault: Vault, invitation: StaffInvitation, code: InvitationCode, national_code: NationalCode
) -> bool:
    """Whether this is the code, given by the person it was meant for."""
    right_code = hmac.compare_digest(code_mac(vault, invitation.id, code), invitation.code_mac or "")
    same_person = invitation.national_code_index in vault.indexes_of(national_code)
    return right_code and same_person


def state_of(invitation: StaffInvitation, now: datetime) -> State:
    if invitation.accepted_at is not None:
        return "accepted"
    if invitation.withdrawn_at is not None:
        return "withdrawn"
    if invitation.expires_at <= now:
        return "expired"
    return "sent" if invitation.code_mac is not None else "awaiting_confirmation"


def needs_confirmation(invitation: StaffInvitation) -> bool:
    """Only an admin's, and not when the operator of the system invites the first one."""
    return ADMIN in invitation.roles and invitation.invited_by is not None


class AlreadyStaff(Problem):
    status = 409
    code = "already_staff"
    fa = "این شخص از کارکنان است؛ نقش‌های او را تغییر دهید."
    en = "This person is of the staff already; change their roles."


class InvitationOver(Problem):
    status = 410
    code = "invitation_over"
    fa = "این دعوت دیگر برقرار نیست؛ دعوت تازه‌ای بخواهید."
    en = "This invitation is over; ask for a new one."


class InvitationNotOpen(Problem):
    status = 409
    code = "invitation_not_open"
    fa = "این دعوت در این وضعیت چنین تغییری نمی‌پذیرد."
    en = "The state of the invitation does not allow this."


class ParticularsNeeded(Problem):
    status = 409
    code = "particulars_needed"
    fa = "شما هنوز حسابی ندارید؛ مشخصات خود را نیز بفرستید."
    en = "You have no account yet; send your particulars as well."
