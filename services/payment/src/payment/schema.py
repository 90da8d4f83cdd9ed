"""What all tables of the service share."""

from enum import StrEnum

from sqlalchemy import Enum
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """The service's own tables; the chassis' tables are not among them."""


def choice(kind: type[StrEnum]) -> Enum:
    """A column of the values of ``kind``, stored as text."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )
