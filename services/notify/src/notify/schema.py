"""The declarative base of notify's tables."""

from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """All tables of the service; the migrations create them."""
