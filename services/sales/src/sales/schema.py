"""The declarative base of the sales tables."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

from chassis.database import UtcDateTime


class Base(DeclarativeBase):
    type_annotation_map = {  # noqa: RUF012 SQLAlchemy's own declaration of this attribute
        datetime: UtcDateTime,
        UUID: Uuid,
        str: Text,
        list[dict[str, object]]: JSONB,
        dict[str, object]: JSONB,
    }
