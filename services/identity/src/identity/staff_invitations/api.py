"""Accepting an invitation to the staff."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo
from pydantic_core import PydanticCustomError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.service import Db
from identity.client import ClientNetwork
from identity.context import Ctx
from identity.credentials.check import check_secret
from identity.credentials.passwords import SHORTEST, GivenPassword, refuse_guessable
from identity.staff_invitations import acceptance
from identity.staff_invitations.acceptance import Acceptance, Attempt, Proved
from identity.staff_invitations.domain import InvitationCode, Particulars, ParticularsNeeded
from iran import NationalCode

router = APIRouter(prefix="/staff-invitations", tags=["staff: members"])
PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"description": "wrong_credentials: not the password of the account that is there"},
    404: {"description": "no such invitation"},
    409: {"description": "code_used, particulars_needed"},
    410: {"description": "invitation_over"},
    422: {"description": "invalid_fields, code_wrong"},
    429: {"description": "too_many_attempts, too_many_requests"},
}


def _not_guessable(password: str, info: ValidationInfo) -> str:
    """A new account gets a new password."""
    particulars: Particulars | None = info.data.get("particulars")
    if particulars is None:
        return password
    if len(password) < SHORTEST:
        raise PydanticCustomError(
            "string_too_short", "At least {min_length} characters are needed.", {"min_length": SHORTEST}
        )
    names = [particulars.father_name]
    return refuse_guessable(password, info.data.get("national_code"), None, names, particulars.birth_date)


class Answer(BaseModel):
    """``password`` is that of the account; who has none sends ``particulars`` and chooses one."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    code: InvitationCode
    national_code: NationalCode
    particulars: Particulars | None = None
    password: Annotated[GivenPassword, AfterValidator(_not_guessable)]


class Joined(BaseModel):
    customer_id: UUID
    roles: list[str]


@router.post(
    "/{invitation_id}",
    status_code=201,
    summary="Accept an invitation to the staff",
    tags=["credential"],
    responses=PROBLEMS,
)
async def accept(invitation_id: UUID, body: Answer, db: Db, context: Ctx, client: ClientNetwork) -> Joined:
    """Takes the code of the message and a password. All sessions of an account that is there end."""
    given = Acceptance(body.code, body.national_code, body.password, body.particulars)

    async def find(session: AsyncSession) -> Attempt:
        return await acceptance.attempt(session, context, invitation_id, given)

    async def judge(tried: Attempt) -> Proved | ParticularsNeeded:
        return await acceptance.judge(context, tried, given)

    async def then(session: AsyncSession, proved: Proved | ParticularsNeeded) -> Joined | ParticularsNeeded:
        if isinstance(proved, ParticularsNeeded):
            await acceptance.give_back_try(session, invitation_id)
            return proved
        customer_id, roles = await acceptance.accept(session, context, proved, given, client)
        return Joined(customer_id=customer_id, roles=roles)

    index, address = context.vault.index_of(body.national_code), context.vault.index_of_address(client)
    counts = context.secret_rules.of_account(index, address)
    joined = await check_secret(db, context.clock, counts, find=find, judge=judge, then=then)
    if isinstance(joined, ParticularsNeeded):
        raise joined
    return joined
