"""What is known of a person."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from chassis.clock import system_clock
from iran import (
    Landline,
    Mobile,
    NationalCode,
    PersonName,
    PostalCode,
    Province,
    Sheba,
    normalise,
    tehran_date,
    to_ascii_digits,
)

Gender = Literal["female", "male"]
EARLIEST_BIRTH = date(1900, 1, 1)
NAMES = ("first_name", "last_name", "father_name")


def _tidy(text: object) -> object:
    return normalise(text) if isinstance(text, str) else text


def _ascii(text: object) -> object:
    return to_ascii_digits(text).strip() if isinstance(text, str) else text


def _iso_date(given: object) -> object:
    if isinstance(given, date):
        return given
    if not isinstance(given, str):
        raise PydanticCustomError("date_type", "a date is text, such as 1990-05-12")
    return _ascii(given)


def _not_in_the_future(day: date) -> date:
    if day > tehran_date(system_clock()):
        context = {"en": "This day is yet to come.", "fa": "این روز هنوز نیامده است."}
        raise PydanticCustomError("date_in_future", "{en}", context)
    return day


Words = Annotated[str, Field(min_length=1, max_length=100), BeforeValidator(_tidy)]
Lines = Annotated[str, Field(min_length=1, max_length=300), BeforeValidator(_tidy)]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"), BeforeValidator(_tidy)]
BirthDate = Annotated[
    date, Field(ge=EARLIEST_BIRTH), AfterValidator(_not_in_the_future), BeforeValidator(_iso_date)
]
BirthCertificateNumber = Annotated[str, Field(pattern=r"^[0-9]{1,10}$"), BeforeValidator(_ascii)]


class Address(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    province: Province
    city: Words
    street: Lines
    postal_code: PostalCode
    phone: Landline | None = None


class Profile(BaseModel):
    """A person's data as registered; ``iban`` is the Sheba that money goes back to."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    national_code: NationalCode
    mobile: Mobile
    first_name: PersonName
    last_name: PersonName
    father_name: PersonName
    birth_date: BirthDate
    gender: Gender
    education: Words
    occupation: Words
    email: Email | None = None
    iban: Sheba
    address: Address
    birth_certificate_number: BirthCertificateNumber | None = None
