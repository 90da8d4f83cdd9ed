"""The shape that all text values share: a `str` that cannot hold anything but a valid, canonical text."""

import re
from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from iran.digits import compact
from iran.invalid import Invalid, Reason


class TextValue(str):
    """A valid text in canonical form. Building one normalises, then checks, then raises `Invalid`.

    `str()` gives the canonical text; `repr()`, which is what logs and tracebacks show, gives `masked`.
    Usable as a pydantic field: a wrong text is a validation error of type `Invalid.code`, whose context
    holds the sentence in both languages as `en` and `fa`.
    """

    __slots__ = ()

    pattern: ClassVar[str]
    """What the canonical text looks like, as a regular expression that Python and ECMAScript both read."""
    example: ClassVar[str]
    malformed: ClassVar[Reason]
    visible: ClassVar[tuple[int, int] | None] = None
    """How many signs `masked` keeps at the head and the tail; None when the text is not personal."""

    def __new__(cls, text: str) -> Self:
        if isinstance(text, cls):
            return text
        canonical = cls._canonical(text)
        if not re.fullmatch(cls.pattern, canonical):
            raise Invalid(cls.malformed)
        cls._check(canonical)
        return super().__new__(cls, canonical)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The value that a person meant by `text`, or `Invalid`."""
        return cls(text)

    @classmethod
    def _canonical(cls, text: str) -> str:
        return compact(text)

    @classmethod
    def _check(cls, canonical: str) -> None:
        """Raise `Invalid` when a text of the right form breaks a further rule."""

    @property
    def masked(self) -> str:
        if self.visible is None:
            return str(self)
        head, tail = self.visible
        hidden = max(len(self) - head - tail, 0)
        return self[:head] + "*" * hidden + self[head + hidden :]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.masked!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls._validated, core_schema.str_schema())

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "string",
            "pattern": cls.pattern,
            "examples": [cls.example],
            "description": cls.malformed.en,
        }

    @classmethod
    def _validated(cls, text: str) -> Self:
        try:
            return cls(text)
        except Invalid as invalid:
            raise as_pydantic(invalid) from None


def as_pydantic(invalid: Invalid) -> PydanticCustomError:
    """The same refusal as pydantic carries it: type is the code, context holds both sentences."""
    return PydanticCustomError(invalid.code, "{en}", {"en": invalid.message_en, "fa": invalid.message_fa})
