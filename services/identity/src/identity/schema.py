"""The declarative base of identity's tables."""

from datetime import datetime

from sqlalchemy.orm import DeclarativeBase

from chassis.database import UtcDateTime


class Base(DeclarativeBase):
    type_annotation_map = {datetime: UtcDateTime()}  # noqa: RUF012 - declared so by SQLAlchemy
