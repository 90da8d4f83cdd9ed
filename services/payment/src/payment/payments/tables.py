"""The payments, the references that banks gave them, and the callbacks that came."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import UtcDateTime
from chassis.keys.columns import PLAIN
from payment.payments.domain import LIVE, Part, PaymentState, moved
from payment.providers.port import BankSession, Claim
from payment.schema import Base, choice

LARGEST_NUMBER = 10**18 - 1
"""Of the long integers of Java and .NET, as all banks write them."""

IS_LIVE = text("state IN ('started', 'at_bank', 'unknown')")


class Payment(Base):
    """One try to pay a bill, or a ``part`` of it. ``amount`` (Rial) is frozen when it starts, and so is what
    will be ``remaining`` of the bill when it has arrived.

    ``received`` is what the provider holds for it (null: nothing, or it does not say). ``card`` is
    masked. ``number`` names it at banks that know orders by a number of their merchant, a new one for each
    session that is asked for: banks do not forget those of an emptied database either. Whoever calls the
    provider about it holds the lease: what another one says is dropped.
    """

    __tablename__ = "payments"
    __table_args__ = (
        Index("payments_one_live", "bill_id", unique=True, postgresql_where=IS_LIVE),
        Index("payments_authority", "provider", "authority", unique=True),
        Index("payments_bill", "bill_id"),
        Index("payments_customer", "customer_id", "started_at"),
        Index("payments_due", "next_ask_at", postgresql_where=IS_LIVE),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    bill_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("bills.id"))
    customer_id: Mapped[UUID] = mapped_column(Uuid)
    provider: Mapped[str] = mapped_column(Text)
    amount: Mapped[int] = mapped_column(BigInteger)
    part: Mapped[Part] = mapped_column(choice(Part), default=Part.WHOLE)
    remaining: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[PaymentState] = mapped_column(choice(PaymentState))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    number: Mapped[int | None] = mapped_column(BigInteger)
    authority: Mapped[str | None] = mapped_column(Text)
    redirect_url: Mapped[str | None] = mapped_column(Text)
    session_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received: Mapped[int | None] = mapped_column(BigInteger)
    reference: Mapped[str | None] = mapped_column(Text)
    card: Mapped[str | None] = mapped_column(Text)
    next_ask_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_token: Mapped[UUID | None] = mapped_column(Uuid)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    def move(self, to: PaymentState, at: datetime) -> None:
        self.state = moved(self.state, to)
        self.state_since = at
        self.version += 1
        if to not in LIVE and self.settled_at is None:
            self.settled_at = at

    def has_left_bank(self, now: datetime) -> bool:
        """Whether its session has ended and nobody could say yet whether it was paid."""
        return self.session_ends_at is not None and self.session_ends_at <= now

    def take_lease(self, now: datetime, length: timedelta) -> UUID:
        self.lease_token = uuid4()
        self.leased_until = now + length
        return self.lease_token

    def renumber(self) -> int:
        self.number = 1 + secrets.randbelow(LARGEST_NUMBER)
        return self.number

    def bank_session(self, claims: tuple[Claim, ...] = ()) -> BankSession:
        """The payment as its provider knows it."""
        assert self.authority is not None, "a payment at the bank has an authority"
        return BankSession(self.authority, self.id, self.amount, claims, self.number or 0)

    def drop_lease(self) -> None:
        self.lease_token = None
        self.leased_until = None

    def is_leased(self, now: datetime) -> bool:
        return self.leased_until is not None and self.leased_until > now


class BankReference(Base):
    """A bank's reference pays for one payment only: the first that shows it.

    Where browsers bring it, it is written here before the bank is asked, and let go of when it was none.
    """

    __tablename__ = "bank_references"
    __table_args__ = (Index("bank_references_payment", "payment_id"),)

    provider: Mapped[str] = mapped_column(Text, primary_key=True)
    reference: Mapped[str] = mapped_column(Text, primary_key=True)
    payment_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("payments.id"))


class ReceivedCallback(Base):
    """What browsers brought for a payment; the same fields again are counted in ``times``."""

    __tablename__ = "received_callbacks"

    payment_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("payments.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, info={PLAIN: "SHA-256 of what the bank said"}
    )
    fields: Mapped[dict[str, str]] = mapped_column(JSONB)
    times: Mapped[int] = mapped_column(Integer)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
