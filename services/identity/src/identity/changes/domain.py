"""What may be changed of an account, how, and how it is refused.

Source: the account guide ("some of the identity data, after approval"); OWASP ASVS 5.0 2.3.5, 8.2.3, 15.3.3.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from chassis.errors import FieldError, InvalidFields, Problem, Sentence
from identity.customers.domain import BirthCertificateNumber, BirthDate, Email, Gender, Lines, Words
from iran import Landline, PersonName, PostalCode, Province, Sheba

Handling = Literal["free", "approval", "locked"]
State = Literal["pending", "approved", "refused", "withdrawn"]


@dataclass(frozen=True)
class Policy:
    """How a field changes: ``approvals`` by different members of the staff, then ``inquiries`` are asked."""

    handling: Handling
    approvals: int
    inquiries: tuple[str, ...]


LOCKED = Policy("locked", 0, ())
_CANNOT_CHANGE = Sentence("این خانه را نمی‌توان تغییر داد.", "This field cannot be changed.")
_OTHERWISE = Sentence(
    "شماره همراه با کدی که به شماره تازه می‌رود تغییر می‌کند: ‎/me/mobile",
    "A mobile is changed with a code that goes to the new one: /me/mobile",
)


class FieldsLocked(InvalidFields):
    """The policy of today locks these fields."""

    def __init__(self, fields: Iterable[str]) -> None:
        super().__init__(errors=[FieldError(field, "field_locked", _CANNOT_CHANGE) for field in fields])


class VersionConflict(Problem):
    status = 409
    code = "version_conflict"
    fa = "حساب در این میان تغییر کرده است؛ آن را دوباره بخوانید."
    en = "The account has changed in the meantime; read it again."


class ChangeAlreadyDecided(Problem):
    status = 409
    code = "change_decided"
    fa = "این تغییر دیگر در انتظار نیست."
    en = "This change is not pending any more."


def _refused(sentence: Sentence) -> BeforeValidator:
    def refuse(_: object) -> None:
        raise PydanticCustomError("field_locked", "{en}", {"en": sentence.en, "fa": sentence.fa})

    return BeforeValidator(refuse)


def _absent() -> Any:
    """The value of a field that was not given; it is never looked at."""
    return None


_LEFT_OUT = Field(default_factory=_absent)


class AddressEdit(BaseModel):
    """Some parts of an address; the others stay."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    province: Province = _LEFT_OUT
    city: Words = _LEFT_OUT
    street: Lines = _LEFT_OUT
    postal_code: PostalCode = _LEFT_OUT
    phone: Landline | None = _LEFT_OUT


class Edit(BaseModel):
    """Some fields of a profile; the others stay. Null takes back what may be missing."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    national_code: Annotated[None, _refused(_CANNOT_CHANGE)] = _LEFT_OUT
    mobile: Annotated[None, _refused(_OTHERWISE)] = _LEFT_OUT
    first_name: PersonName = _LEFT_OUT
    last_name: PersonName = _LEFT_OUT
    father_name: PersonName = _LEFT_OUT
    birth_date: BirthDate = _LEFT_OUT
    gender: Gender = _LEFT_OUT
    birth_certificate_number: BirthCertificateNumber = _LEFT_OUT
    education: Words = _LEFT_OUT
    occupation: Words = _LEFT_OUT
    email: Email | None = _LEFT_OUT
    iban: Sheba = _LEFT_OUT
    address: AddressEdit = _LEFT_OUT

    def values_for(self, address: dict[str, Any]) -> dict[str, Any]:
        """The given fields as parts of a profile whose address is ``address``."""
        given = self.model_dump(exclude_unset=True)
        return {**given, "address": {**address, **given["address"]}} if "address" in given else given
