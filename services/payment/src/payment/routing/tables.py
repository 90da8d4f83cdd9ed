"""The staff's arrangement of the providers."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import UtcDateTime
from payment.routing.domain import Terms
from payment.schema import Base


class ProviderRoute(Base):
    """One provider. Amounts are Rial, None where there is no bound; ``fee_share`` is per ten thousand.

    It is changed by staff while the service runs; a provider is offered if it is connected as well.
    """

    __tablename__ = "provider_routes"
    __table_args__ = (
        CheckConstraint("rank BETWEEN 1 AND 100", name="provider_routes_rank"),
        CheckConstraint("smallest > 0 AND largest >= smallest", name="provider_routes_amounts"),
        CheckConstraint(
            "fee_share BETWEEN 0 AND 10000 AND fee_least >= 0 AND fee_most >= fee_least",
            name="provider_routes_fee",
        ),
    )

    provider: Mapped[str] = mapped_column(Text, primary_key=True)
    offered: Mapped[bool] = mapped_column(Boolean)
    rank: Mapped[int] = mapped_column(Integer)
    smallest: Mapped[int | None] = mapped_column(BigInteger)
    largest: Mapped[int | None] = mapped_column(BigInteger)
    fee_share: Mapped[int] = mapped_column(Integer)
    fee_least: Mapped[int] = mapped_column(BigInteger)
    fee_most: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def terms(self) -> Terms:
        return Terms(
            self.provider,
            self.offered,
            self.rank,
            self.smallest,
            self.largest,
            self.fee_share,
            self.fee_least,
            self.fee_most,
        )
