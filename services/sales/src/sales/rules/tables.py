"""Rules of eligibility as rows."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sales.schema import Base


class RuleSet(Base):
    """A version of a list of rules ``{name, parameters}``; never changed, only followed by another one.

    A plan may be published with it while ``valid_from`` <= today <= ``valid_until``.
    """

    __tablename__ = "rule_sets"
    __table_args__ = (UniqueConstraint("name", "version", name="rule_sets_version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[int]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    rules: Mapped[list[dict[str, object]]]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
