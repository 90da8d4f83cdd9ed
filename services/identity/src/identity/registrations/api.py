"""The steps of registering."""

from datetime import datetime
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.idempotency import IdempotencyKey, once
from chassis.service import Db
from identity.challenges.domain import OneTimeCode
from identity.challenges.service import Guess, Verdict, accepted
from identity.client import ClientNetwork, Here
from identity.context import Ctx
from identity.credentials.check import check_secret
from identity.credentials.passwords import NewPassword, refuse_guessable
from identity.customers.domain import NAMES, Profile
from identity.devices import service as devices
from identity.devices.domain import DeviceToken
from identity.limits.domain import RESEND_GAP
from identity.marking import Mark, mark_of
from identity.registrations import queries, service
from identity.registrations.queries import State
from identity.registrations.service import CodeSent

router = APIRouter(prefix="/registrations", tags=["registration"])


def _not_guessable(password: str, info: ValidationInfo) -> str:
    known = info.data
    names = [known[name] for name in NAMES if name in known]
    return refuse_guessable(
        password, known.get("national_code"), known.get("mobile"), names, known.get("birth_date")
    )


class Form(Profile):
    password: Annotated[NewPassword, AfterValidator(_not_guessable)]

    @property
    def profile(self) -> Profile:
        return Profile.model_validate(self.model_dump(exclude={"password"}))


class Sent(BaseModel):
    """``expires_at`` is the code's end; ``resend_after`` counts seconds from now."""

    registration_id: UUID
    expires_at: datetime
    resend_after: int


StepName = Literal["form", "code", "login"]
STEPS: tuple[StepName, ...] = get_args(StepName)


class Step(BaseModel):
    """``form`` (what was typed is kept), ``code`` (the mobile is proven), ``login``, in this order."""

    name: StepName
    done: bool


class Progress(BaseModel):
    """How far a registration is. ``mobile`` is masked.

    ``resend_after`` counts the seconds until another code may be asked for, null when none is needed;
    ``code_expires_at`` is null when there is no code that could be entered.
    """

    registration_id: UUID
    state: State
    steps: list[Step]
    mobile: str | None
    code_sent_at: datetime
    code_expires_at: datetime | None
    tries_left: int
    resend_after: int | None
    expires_at: datetime


class ActivationCode(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    code: OneTimeCode


class Activated(BaseModel):
    """``device_token`` spares this device the second factor of later logins."""

    customer_id: UUID
    device_token: str


class NewAccount(BaseModel):
    """What is kept of the answer for a repeated request: the token can be made again."""

    customer_id: UUID
    device_id: UUID


PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"description": "no such registration, or its draft is older than a day"},
    409: {"description": "code_used, already_activated"},
    410: {"description": "code_expired, registration_replaced"},
    422: {"description": "invalid_fields, code_wrong"},
    429: {"description": "too_many_attempts, too_many_requests"},
    503: {"description": "sms_budget_spent"},
}
SENDING: dict[int | str, dict[str, Any]] = {status: PROBLEMS[status] for status in (429, 503)}


@router.post("", status_code=202, summary="Register", responses=SENDING)
async def register(
    form: Form, db: Db, context: Ctx, client: ClientNetwork, key: IdempotencyKey = None
) -> Sent:
    """Answers the same whether or not the national code has an account."""
    password_hash = await context.hashing.hash(form.password)
    scope = f"registrations:{context.vault.scope_of(form.national_code)}"
    async with db.transaction() as session:

        async def action() -> Sent:
            address = context.vault.index_of_address(client)
            return _sent(
                await service.open_registration(session, context, form.profile, password_hash, address)
            )

        return await once(session, key, scope, mark_of(context.vault, form), Sent, action)


@router.get("/{registration_id}", summary="How far a registration is", responses={404: PROBLEMS[404]})
async def read_progress(registration_id: UUID, db: Db, context: Ctx) -> Progress:
    """For whoever lost the connection: the id is all that it takes to go on."""
    async with db.transaction() as session:
        progress = await queries.progress_of(session, context, registration_id)
    if progress is None:
        raise NotFound
    done = {"form": True, "code": progress.state == "activated", "login": False}
    steps = [Step(name=name, done=done[name]) for name in STEPS]
    return Progress(**vars(progress), steps=steps)


@router.post("/{registration_id}/code", status_code=202, summary="Send the code again", responses=PROBLEMS)
async def resend(
    registration_id: UUID, db: Db, context: Ctx, client: ClientNetwork, key: IdempotencyKey = None
) -> Sent:
    address = context.vault.index_of_address(client)
    async with db.transaction() as session:

        async def action() -> Sent:
            return _sent(await service.send_code_again(session, context, registration_id, address))

        scope = f"registrations.code:{registration_id}"
        return await once(session, key, scope, Mark(digest=""), Sent, action)


@router.post(
    "/{registration_id}/activation",
    status_code=201,
    summary="Activate with the code",
    responses=PROBLEMS,
    tags=["credential"],
)
async def activate(
    registration_id: UUID,
    body: ActivationCode,
    db: Db,
    context: Ctx,
    client: ClientNetwork,
    place: Here,
    key: IdempotencyKey = None,
) -> Activated:
    """Makes the registration an account, and remembers the device."""

    async def find(session: AsyncSession) -> Guess:
        return await service.guess_code(session, context, registration_id)

    async def judge(guess: Guess) -> Verdict:
        return guess.judge(context.vault, body.code)

    async def then(session: AsyncSession, verdict: Verdict) -> NewAccount:
        async def action() -> NewAccount:
            challenge = accepted(verdict)
            customer_id = await service.activate(session, context, registration_id, challenge.id)
            device = await devices.remember(session, context.vault, customer_id, place, context.clock())
            return NewAccount(customer_id=customer_id, device_id=device.device_id)

        scope = f"registrations.activation:{registration_id}"
        return await once(session, key, scope, mark_of(context.vault, body), NewAccount, action)

    counts = context.secret_rules.of_address(context.vault.index_of_address(client))
    new = await check_secret(db, context.clock, counts, find=find, judge=judge, then=then)
    token = DeviceToken(new.device_id).text(context.vault)
    return Activated(customer_id=new.customer_id, device_token=token)


def _sent(sent: CodeSent) -> Sent:
    return Sent(
        registration_id=sent.registration_id,
        expires_at=sent.expires_at,
        resend_after=int(RESEND_GAP.total_seconds()),
    )
