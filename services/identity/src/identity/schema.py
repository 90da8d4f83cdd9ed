"""The declarative base of identity's tables."""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import DeclarativeBase

from chassis.database import UtcDateTime


class Base(DeclarativeBase):
    type_annotation_map = {datetime: UtcDateTime(), str: Text()}  # noqa: RUF012 - declared so by SQLAlchemy
