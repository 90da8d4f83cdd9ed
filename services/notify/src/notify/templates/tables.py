"""The versions of the templates."""

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from notify.schema import Base


class Template(Base):
    """One version of a text; a version is never edited, and one per name is active.

    ``pattern`` names the text that the provider approved, for codes; ``text`` then repeats it for people.
    """

    __tablename__ = "templates"
    __table_args__ = (Index("templates_active", "name", unique=True, postgresql_where=text("active")),)

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    lane: Mapped[str]
    text: Mapped[str]
    pattern: Mapped[str | None]
    active: Mapped[bool]
