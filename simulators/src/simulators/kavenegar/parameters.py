"""What Kavenegar's methods take, from the query of a GET or the form of a POST."""

import json
from typing import Annotated, Literal, TypeVar

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from simulators.kavenegar.wire import KavenegarError
from simulators.sms.mobile import mobile

RECEPTORS_AT_MOST = 200
IDS_AT_MOST = 500
WRONG_VALUE = {
    "receptor": 411,
    "message": 413,
    "date": 417,
    "token": 431,
    "token2": 431,
    "token3": 431,
    "token10": 431,
    "token20": 431,
    "tag": 607,
}
"""The code of a field whose value is wrong; any other wrong or missing field is 400."""

P = TypeVar("P", bound=BaseModel)


def _split(text: object) -> list[str]:
    return [part.strip() for part in str(text).split(",") if part.strip()]


def _receptors(text: object) -> tuple[str, ...]:
    receptors = tuple(mobile(part) for part in _split(text))
    if len(receptors) > RECEPTORS_AT_MOST:
        raise KavenegarError(414)
    return receptors


def _ids(text: object) -> list[str]:
    ids = _split(text)
    if len(ids) > IDS_AT_MOST:
        raise KavenegarError(414)
    return ids


def _spaces(most: int) -> BeforeValidator:
    def check(text: object) -> object:
        if any(c.isspace() and c != " " for c in str(text)) or str(text).count(" ") > most:
            raise ValueError("too many spaces")
        return text

    return BeforeValidator(check)


Token = Annotated[str, _spaces(0), Field(min_length=1, max_length=100)]
Tag = Annotated[str | None, Field(max_length=200, pattern=r"^[\w-]*$")]


class SendParameters(BaseModel):
    """`localid` has one id, or one for each receptor."""

    receptor: Annotated[tuple[str, ...], BeforeValidator(_receptors), Field(min_length=1)]
    message: str = Field(min_length=1, max_length=900)
    sender: str | None = None
    date: Annotated[int, Field(ge=0, le=4_102_444_800)] | None = None
    localid: Annotated[list[str], BeforeValidator(_split)] = []
    tag: Tag = None


def _array(text: object) -> object:
    """The JSON array that a form field holds."""
    return json.loads(str(text))


Array = BeforeValidator(_array)


class ArrayParameters(BaseModel):
    """Of `sms/sendarray`: JSON arrays of one length."""

    receptor: Annotated[tuple[Annotated[str, BeforeValidator(mobile)], ...], Array, Field(min_length=1)]
    sender: Annotated[tuple[str, ...], Array]
    message: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=900)], ...], Array]
    localmessageids: Annotated[tuple[str, ...], Array] = ()

    def checked(self) -> "ArrayParameters":
        """Raises 414 for too many, 419 for arrays of several lengths."""
        if len(self.receptor) > RECEPTORS_AT_MOST:
            raise KavenegarError(414)
        if {len(self.sender), len(self.message), len(self.own_ids())} != {len(self.receptor)}:
            raise KavenegarError(419)
        return self

    def own_ids(self) -> tuple[str, ...]:
        return self.localmessageids or ("",) * len(self.receptor)


class LookupParameters(BaseModel):
    receptor: Annotated[str, BeforeValidator(lambda text: mobile(str(text)))]
    template: str = Field(min_length=1)
    token: Token
    token2: Token | None = None
    token3: Token | None = None
    token10: Annotated[str, _spaces(5), Field(min_length=1, max_length=100)] | None = None
    token20: Annotated[str, _spaces(8), Field(min_length=1, max_length=100)] | None = None
    type: Literal["sms", "call"] = "sms"
    tag: Tag = None


class StatusParameters(BaseModel):
    messageid: Annotated[list[int], BeforeValidator(_ids), Field(min_length=1)]


class LocalStatusParameters(BaseModel):
    localid: Annotated[list[str], BeforeValidator(_ids), Field(min_length=1)]


async def parameters(request: Request, model: type[P]) -> P:
    """Read the request, or raise the code of the first wrong field."""
    form = await request.form()
    fields = {name: value for name, value in (*request.query_params.items(), *form.items()) if value != ""}
    try:
        return model.model_validate(fields)
    except ValidationError as invalid:
        error = invalid.errors()[0]
        code = 400 if error["type"] == "missing" else WRONG_VALUE.get(str(error["loc"][0]), 400)
        raise KavenegarError(code) from invalid
