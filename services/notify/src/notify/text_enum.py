"""A column type of the service's tables."""

from enum import StrEnum
from typing import Generic, TypeVar

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

Kind = TypeVar("Kind", bound=StrEnum)


class TextEnum(TypeDecorator[Kind], Generic[Kind]):
    """``text`` that holds the values of a ``StrEnum``; the table's CHECK names them."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[Kind]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> Kind | None:
        return None if value is None else self.kind(value)
