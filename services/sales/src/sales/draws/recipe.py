"""Of what the seed will be made: named before anybody can know the values.

The witnesses have committed to theirs and reveal them before the first source can be read; who reveals
nothing is stood in for by the commitment itself. A source is a fixed order of alternatives: the next one
counts only when those before it could not be had. So nobody's silence can choose among seeds.
"""

from datetime import datetime, timedelta
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from chassis.days import Moment
from chassis.validation import wrong_value
from iran import normalise

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Label = Annotated[
    str, StringConstraints(max_length=200), AfterValidator(normalise), StringConstraints(min_length=1)
]
Explanation = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Witness(_Frozen):
    """``commitment`` is the SHA-256 of the 32 bytes that the witness will reveal."""

    name: Label
    commitment: Digest


class Alternative(_Frozen):
    """A public value that nobody knows before ``at``; ``reading`` says where and how it is read."""

    name: Label
    reading: Explanation
    at: Moment


class Source(_Frozen):
    name: Label
    alternatives: Annotated[tuple[Alternative, ...], Field(min_length=1, max_length=5)]


class Recipe(_Frozen):
    """``abort_after`` is when a draw whose sources all failed may be given up."""

    witnesses: Annotated[tuple[Witness, ...], Field(max_length=20)] = ()
    witnesses_until: Moment
    sources: Annotated[tuple[Source, ...], Field(min_length=1, max_length=10)]
    abort_after: Moment

    @property
    def known_from(self) -> datetime:
        """The first moment at which part of the public values can be known."""
        return min(alternative.at for source in self.sources for alternative in source.alternatives)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        names = [one.name for one in self.witnesses] + [one.name for one in self.sources]
        if len(set(names)) != len(names):
            raise wrong_value("name_taken", "نام‌ها تکراری‌اند.", "The names are not distinct.")
        if self.witnesses_until > self.known_from:
            raise wrong_value(
                "witnesses_too_late",
                "مهلت شاهدان باید پیش از نخستین منبع عمومی باشد.",
                "Witnesses reveal before the first public source can be read.",
            )
        last = max(alternative.at for source in self.sources for alternative in source.alternatives)
        if self.abort_after < last + timedelta(hours=1):
            raise wrong_value(
                "abort_too_early",
                "زمان کنار گذاشتن باید پس از آخرین منبع باشد.",
                "A draw can be given up only after the last source.",
            )
        return self
