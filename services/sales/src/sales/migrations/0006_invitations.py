"""Invitations, cancellations and transfers."""

from alembic import op

revision = "sales_0006"
down_revision = "sales_0005"
branch_labels = None
depends_on = None

UPGRADE = (
    """
    CREATE TABLE order_payments (
        payment_id uuid PRIMARY KEY,
        order_id   uuid        NOT NULL,
        bill_id    uuid,
        purpose    text        NOT NULL,
        amount     bigint      NOT NULL,
        paid_at    timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_order_payments_order_id ON order_payments (order_id)",
    """
    INSERT INTO order_payments (payment_id, order_id, purpose, amount, paid_at)
    SELECT payment_id, order_id, 'prepayment', (terms ->> 'prepayment')::bigint, activated_at FROM contracts
    """,
    """
    CREATE TABLE calendar_overrides (
        day           date        NOT NULL,
        scope         text        NOT NULL,
        working       boolean     NOT NULL,
        reason        text        NOT NULL,
        created_by    uuid        NOT NULL,
        created_at    timestamptz NOT NULL,
        applied_after uuid,
        applied_at    timestamptz,
        PRIMARY KEY (day, scope)
    )
    """,
    """
    CREATE TABLE invitations (
        id           uuid PRIMARY KEY,
        number       text        NOT NULL UNIQUE,
        order_id     uuid        NOT NULL,
        plan_id      uuid        NOT NULL,
        purpose      text        NOT NULL,
        amount       bigint      NOT NULL,
        bill_id      uuid        NOT NULL UNIQUE,
        state        text        NOT NULL,
        working_days integer     NOT NULL,
        issued_at    timestamptz NOT NULL,
        due_at       timestamptz NOT NULL,
        ended_at     timestamptz,
        gives_up_at  timestamptz,
        previous_id  uuid,
        CONSTRAINT invitations_amount CHECK (amount > 0)
    )
    """,
    "CREATE UNIQUE INDEX invitations_one_issued ON invitations (order_id) WHERE state = 'issued'",
    "CREATE INDEX invitations_of_order ON invitations (order_id)",
    "CREATE INDEX invitations_due ON invitations (due_at) WHERE state = 'issued'",
    "CREATE INDEX invitations_given_up ON invitations (gives_up_at) WHERE state = 'expired'",
    """
    CREATE TABLE invitation_runs (
        id              uuid PRIMARY KEY,
        plan_id         uuid        NOT NULL,
        purpose         text        NOT NULL,
        offering_id     uuid,
        delivered_from  date,
        delivered_until date,
        requested_by    uuid        NOT NULL,
        requested_at    timestamptz NOT NULL,
        position        uuid,
        issued          integer     NOT NULL,
        skipped         integer     NOT NULL,
        finished_at     timestamptz
    )
    """,
    "CREATE UNIQUE INDEX invitation_runs_one_at_a_time ON invitation_runs (plan_id, purpose)"
    " WHERE finished_at IS NULL",
    """
    CREATE TABLE invitation_shifts (
        invitation_id uuid        NOT NULL,
        shifted_at    timestamptz NOT NULL,
        day           date        NOT NULL,
        due_before    timestamptz NOT NULL,
        due_after     timestamptz NOT NULL,
        PRIMARY KEY (invitation_id, shifted_at)
    )
    """,
    """
    CREATE TABLE transfers (
        id               uuid PRIMARY KEY,
        order_id         uuid        NOT NULL,
        from_customer_id uuid        NOT NULL,
        to_customer_id   uuid,
        state            text        NOT NULL,
        proposed_at      timestamptz NOT NULL,
        expires_at       timestamptz NOT NULL,
        accepted_at      timestamptz,
        decided_by       uuid,
        decided_at       timestamptz,
        version          integer     NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX transfers_one_open ON transfers (order_id) WHERE state IN ('proposed', 'accepted')",
    "CREATE INDEX transfers_to ON transfers (to_customer_id)",
    "CREATE INDEX transfers_of_order ON transfers (order_id)",
)
TABLES = "order_payments, calendar_overrides, invitations, invitation_runs, invitation_shifts, transfers"


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute(f"DROP TABLE {TABLES}")
