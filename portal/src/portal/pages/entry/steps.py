"""The steps of registering: what each asks for, and how it is judged before the next one opens.

Identity judges the whole form when it is sent; a step only looks at what it shows, with the same value types,
so that a wrong digit is said where it was typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from chassis.validation import problem_of_model
from iran import (
    Landline,
    Mobile,
    NationalCode,
    PersonName,
    PostalCode,
    Province,
    Sheba,
    normalise,
    parse_jalali,
    to_ascii_digits,
)
from iran.invalid import Invalid
from iran.jalali import INVALID_DATE
from portal.forms import Form
from portal.language import PERSIAN, language

EARLIEST_GREGORIAN = 1900


def day_typed(text: str) -> date:
    """A Jalali day as people type it, or a Gregorian one; raises ``Invalid``."""
    plain = to_ascii_digits(text).strip().replace("/", "-")
    if plain[:4].isdecimal() and int(plain[:4]) >= EARLIEST_GREGORIAN:
        try:
            return date.fromisoformat(plain)
        except ValueError:
            raise Invalid(INVALID_DATE) from None
    return parse_jalali(text)


def sentence_of(invalid: Invalid) -> str:
    """What is wrong, in the language of the request."""
    return invalid.message_fa if language.get() == PERSIAN else invalid.message_en


def _birth_date(text: object) -> date:
    try:
        return day_typed(str(text))
    except Invalid as invalid:
        context = {"fa": invalid.message_fa, "en": invalid.message_en}
        raise PydanticCustomError("jalali_date", "{en}", context) from None


def _tidy(text: object) -> object:
    return normalise(text) if isinstance(text, str) else text


def _digits(text: object) -> object:
    return to_ascii_digits(text) if isinstance(text, str) else text


BirthDate = Annotated[date, BeforeValidator(_birth_date)]
Words = Annotated[str, BeforeValidator(_tidy), Field(max_length=100)]
Lines = Annotated[str, BeforeValidator(_tidy), Field(max_length=300)]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
CertificateNumber = Annotated[str, BeforeValidator(_digits), Field(pattern=r"^[0-9]{1,10}$")]


class _Step(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)


class Person(_Step):
    national_code: NationalCode
    first_name: PersonName
    last_name: PersonName
    father_name: PersonName
    birth_date: BirthDate
    birth_certificate_number: CertificateNumber | None = None
    gender: Literal["female", "male"]


class Address(_Step):
    province: Province
    city: Words
    street: Lines
    postal_code: PostalCode
    phone: Landline | None = None


class Residence(_Step):
    mobile: Mobile
    email: Email | None = None
    address: Address


class Work(_Step):
    education: Words
    occupation: Words
    iban: Sheba


@dataclass(frozen=True)
class Step:
    """``fields`` are the names in the form; a later step opens when all before it are right."""

    path: str
    template: str
    model: type[BaseModel]
    fields: tuple[str, ...]

    def judge(self, form: Form) -> Form:
        """The form, with what is wrong beside its fields."""
        try:
            self.model.model_validate(form.only(*self.fields))
        except ValidationError as error:
            for one in problem_of_model(error).errors:
                form.errors.setdefault(one.field, one.message.in_language(language.get()))
        return form


_PERSON = (
    "national_code",
    "first_name",
    "last_name",
    "father_name",
    "birth_date",
    "birth_certificate_number",
    "gender",
)
_RESIDENCE = (
    "mobile",
    "email",
    *(f"address.{name}" for name in ("province", "city", "street", "postal_code", "phone")),
)
STEPS = (
    Step("/register", "entry/person.html", Person, _PERSON),
    Step("/register/residence", "entry/residence.html", Residence, _RESIDENCE),
    Step("/register/work", "entry/work.html", Work, ("education", "occupation", "iban")),
)
FIELDS = tuple(name for step in STEPS for name in step.fields)


def step_of(field: str) -> Step:
    """The step that asks for a field; the first one for a field that none asks for."""
    return next((step for step in STEPS if field in step.fields), STEPS[0])


def body_of(typed: Mapping[str, str]) -> dict[str, Any]:
    """What identity is sent, of a draft whose steps are all right."""
    body: dict[str, Any] = Form(typed=dict(typed)).only(*FIELDS)
    body["birth_date"] = day_typed(str(body.get("birth_date", ""))).isoformat()
    return body
