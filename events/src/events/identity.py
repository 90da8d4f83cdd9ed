"""What identity publishes."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from events.event import Event, Sealed

NATIONAL_CODE = "national_code"
"""The purpose under which the blind index of a national code is made, by whoever looks one up."""

CodePurpose = Literal["registration", "login", "second_factor", "password_reset", "mobile_change"]


class CustomerRegistered(Event, name="identity.customer_registered.v1", aggregate="customer_id"):
    """A person proved their mobile and has an account.

    ``national_code_index`` is the blind index (hex) of the national code under the key with the number
    ``index_generation``, ``former_indexes`` are those under keys that are being replaced; ``contact`` is the
    sealed object ``{mobile, first_name, last_name}``; ``national_code`` is the sealed object
    ``{national_code}``, for those who bind a card to it.
    """

    customer_id: UUID
    national_code_index: str
    index_generation: int = 1
    former_indexes: list[str] = Field(default_factory=list)
    birth_date: date
    gender: Literal["female", "male"]
    province: str
    mobile_verified: bool
    contact: Sealed
    national_code: Sealed | None = None


class RegistrationRepeated(Event, name="identity.registration_repeated.v1", aggregate="customer_id"):
    """Somebody tried to register a national code that already has an account."""

    customer_id: UUID
    attempt_id: UUID


class CodeIssued(Event, name="identity.code_issued.v1", aggregate="challenge_id"):
    """A one-time code is to be sent; ``delivery`` is the sealed object ``{mobile, code}``."""

    challenge_id: UUID
    purpose: CodePurpose
    expires_at: datetime
    delivery: Sealed


InquiryKind = Literal["civil_registry", "iban_owner", "mobile_owner"]


class InquiryOpened(Event, name="identity.inquiry_opened.v1", aggregate="inquiry_id"):
    """What was known of a person in this respect counts no more, since the data changed; it is asked anew."""

    inquiry_id: UUID
    customer_id: UUID
    kind: InquiryKind


class InquiryConcluded(Event, name="identity.inquiry_concluded.v1", aggregate="inquiry_id"):
    """A provider answered, and differently than before.

    Mobile owner: the mobile is registered to the national code. Civil registry: name and birth date are the
    national code's, and the person lives. Iban owner: the Sheba is the person's. ``reason`` is a stable word.
    ``iban`` is the sealed object ``{iban}`` of a Sheba that was found to be the person's.
    """

    inquiry_id: UUID
    customer_id: UUID
    kind: InquiryKind
    result: Literal["match", "no_match", "invalid_input"]
    reason: str | None
    asked_at: datetime
    iban: Sealed | None = None


class DeviceAdded(Event, name="identity.device_added.v1", aggregate="customer_id"):
    """Somebody completed a login on a device that was not known; ``device`` is what people call it."""

    customer_id: UUID
    session_id: UUID
    device: str
    at: datetime


class AuthenticatorChanged(Event, name="identity.authenticator_changed.v1", aggregate="customer_id"):
    """An authenticator app, or the recovery codes that stand in for it, changed or were used."""

    customer_id: UUID
    change: Literal["enrolled", "removed", "recovery_codes_renewed", "recovery_code_used"]
    at: datetime


class StaffInvited(Event, name="identity.staff_invited.v1", aggregate="invitation_id"):
    """Somebody may join the staff until ``expires_at``.

    ``delivery`` is the sealed object ``{mobile, first_name, code}``.
    """

    invitation_id: UUID
    expires_at: datetime
    delivery: Sealed


StaffChange = Literal["appointed", "roles_changed", "dealership_changed", "removed", "disabled", "enabled"]


class StaffMemberChanged(Event, name="identity.staff_member_changed.v1", aggregate="customer_id"):
    """Who works here, with which roles or at which dealership, changed.

    ``roles`` are all that the member has now, none once ``removed``. ``disabled`` says whether the account is
    closed, which leaves the roles as they are; who closes or opens it says so for everybody, too.
    """

    customer_id: UUID
    roles: list[str]
    dealership_id: UUID | None
    disabled: bool
    change: StaffChange
    at: datetime


class CustomerDisabled(Event, name="identity.customer_disabled.v1", aggregate="customer_id"):
    """The account is closed to its owner: no login, no order; ``reason`` is from identity's list."""

    customer_id: UUID
    reason: str
    at: datetime


class CustomerEnabled(Event, name="identity.customer_enabled.v1", aggregate="customer_id"):
    """The account is open to its owner again."""

    customer_id: UUID
    at: datetime


class CustomerChanged(Event, name="identity.customer_changed.v1", aggregate="customer_id"):
    """What is known of a person changed; ``changed`` names the fields, the others say how things are now.

    All but ``changed`` is as in ``CustomerRegistered``, so that either may come first; ``contact`` is the
    sealed object ``{mobile, first_name, last_name}``. When ``changed`` is empty nothing did: it is told again
    for who did not listen then, under the version that it had.
    """

    customer_id: UUID
    national_code_index: str
    index_generation: int = 1
    birth_date: date
    gender: Literal["female", "male"]
    province: str
    mobile_verified: bool
    contact: Sealed
    changed: list[str]
    national_code: Sealed | None = None


class CustomerReindexed(Event, name="identity.customer_reindexed.v1", aggregate="customer_id"):
    """The key of the blind index changed, the person did not: ``version`` is as it was.

    The index of a higher ``index_generation`` counts, in whatever order it arrives; ``former_indexes`` are
    under keys that are being replaced.
    """

    customer_id: UUID
    national_code_index: str
    index_generation: int
    former_indexes: list[str]


class ChangeDecided(Event, name="identity.change_decided.v1", aggregate="change_id"):
    """The staff approved or refused what a person wants for ``field``.

    ``reason`` is the sealed object ``{text}`` of a refusal, in the words of whoever refused.
    """

    change_id: UUID
    customer_id: UUID
    field: str
    decision: Literal["approved", "refused"]
    reason: Sealed | None


class MobileChanged(Event, name="identity.mobile_changed.v1", aggregate="customer_id"):
    """A person proved another mobile; the one before is to be told.

    ``notice`` is the sealed object ``{mobile, new_mobile}``: the old one, and the new one masked.
    """

    customer_id: UUID
    notice: Sealed
    at: datetime


class PasswordChanged(Event, name="identity.password_changed.v1", aggregate="customer_id"):
    """A person has another password, by giving the one before or by a code; their other sessions are over."""

    customer_id: UUID
    by: Literal["password", "code"]
    at: datetime


SessionsEndReason = Literal[
    "logged_out", "ended_by_owner", "token_reused", "password_changed", "roles_changed", "account_disabled"
]


class SessionsEnded(Event, name="identity.sessions_ended.v1", aggregate="customer_id"):
    """Sessions of a person were ended; those that ran out in their time are not told of.

    ``sessions`` are the ids of those that ended: ``one``, all ``others`` than the one in which it was asked,
    or ``all``. ``token_reused``: a refresh token was used a second time, as a thief's copy is. ``device`` is
    what people call that of ``one``.
    """

    customer_id: UUID
    sessions: list[UUID]
    scope: Literal["one", "others", "all"]
    reason: SessionsEndReason
    device: str | None
    at: datetime
