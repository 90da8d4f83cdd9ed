from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from identity.inquiry_runs.tables import InquiryRun
from identity.schema import Base

WAITING = text("next_attempt_at IS NOT NULL")


class InquiryAnswer(Base):
    """What a provider said to a question, and until when the question is answered by it. Never changed.

    ``inputs_index`` is the keyed hash of the question, ``digest`` that of what the provider sent.
    """

    __tablename__ = "inquiry_answers"
    __table_args__ = (Index("inquiry_answers_inputs", "inputs_index", "fresh_until"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    inputs_index: Mapped[str]
    result: Mapped[str]
    reason: Mapped[str | None]
    provider: Mapped[str]
    trace_id: Mapped[str | None]
    digest: Mapped[str | None]
    asked_at: Mapped[datetime]
    fresh_until: Mapped[datetime]


class Inquiry(Base):
    """What is known of one person in one respect. It waits for an answer while ``next_attempt_at`` is set.

    ``result`` is the last answer's, of the present data; None until there is one. ``version`` counts what was
    published. Who asks holds ``lease`` until ``next_attempt_at``. ``reason`` says why the last attempt was no
    match; ``attempts`` were in vain. ``bulk``: it waits only because a run wants it.
    """

    __tablename__ = "inquiries"
    __table_args__ = (
        UniqueConstraint("customer_id", "kind"),
        Index("inquiries_due", "bulk", "next_attempt_at", postgresql_where=WAITING),
        Index("inquiries_of_run", "run_id", postgresql_where=text("run_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    kind: Mapped[str]
    version: Mapped[int]
    result: Mapped[str | None]
    reason: Mapped[str | None]
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("inquiry_answers.id"))
    from_memory: Mapped[bool]
    attempts: Mapped[int]
    lease: Mapped[UUID | None]
    next_attempt_at: Mapped[datetime | None]
    bulk: Mapped[bool]
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey(InquiryRun.id))
    opened_at: Mapped[datetime]
    concluded_at: Mapped[datetime | None]
