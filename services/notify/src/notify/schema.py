"""The declarative base of notify's tables."""

from typing import Any, ClassVar

from sqlalchemy import Text
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """All tables of the service; the migrations create them."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text}
